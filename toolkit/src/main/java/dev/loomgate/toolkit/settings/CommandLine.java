package dev.loomgate.toolkit.settings;

import dev.loomgate.gateway.Quoting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A program's arguments: `--max-notes 5`, `--max-notes=5`, `--dry-run`. Behind `--` are no settings.
record CommandLine(List<String> arguments) implements Place {
    private static final String END = "--";

    /// @param texts of settings, by their keys
    /// @param rest what is no setting, in order
    private record Parsed(Map<Setting, List<String>> texts, List<String> rest) {}

    @Override
    public Map<String, Given> read(Map<String, Setting> settings, List<String> problems) {
        Map<String, Given> given = new LinkedHashMap<>();
        parse(settings, problems).texts().forEach((setting, texts) -> {
            String origin = "argument " + setting.argument();
            Given says = Given.WRONG;
            if (setting.isSecret()) {
                problems.add(
                        origin + " would be seen by everybody on the machine: a secret comes by environment or file");
            } else if (texts.size() > 1 && !setting.many()) {
                problems.add("%s is there %d times, and must be there once".formatted(origin, texts.size()));
            } else if (!texts.isEmpty()) {
                says = Given.of(texts, origin, setting);
            }
            given.put(setting.key(), says);
        });
        return given;
    }

    /// The arguments that are no settings, for whom they are meant.
    List<String> rest(Map<String, Setting> settings) {
        return parse(settings, new ArrayList<>()).rest();
    }

    private Parsed parse(Map<String, Setting> settings, List<String> problems) {
        Parsed parsed = new Parsed(new LinkedHashMap<>(), new ArrayList<>());
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals(END)) {
                parsed.rest().addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Setting setting = name.startsWith(END) ? settings.get(name.substring(END.length())) : null;
            if (setting == null) {
                parsed.rest().add(argument);
                continue;
            }
            List<String> texts = parsed.texts().computeIfAbsent(setting, _ -> new ArrayList<>());
            if (equals >= 0) {
                texts.add(argument.substring(equals + 1));
            } else if (setting.isFlag()) {
                texts.add("true");
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith(END)) {
                texts.add(arguments.get(++i));
            } else {
                problems.add("argument %s has no value: %s VALUE or %s=VALUE".formatted(name, name, name));
            }
        }
        return parsed;
    }

    /// What is wrong if nobody else takes the rest. Values aren't shown: one may be a secret with a slip
    /// in its name.
    List<String> unknown(Map<String, Setting> settings) {
        List<String> rest = rest(settings);
        String known = known(settings);
        List<String> lines = rest.stream()
                .filter(argument -> argument.startsWith("-"))
                .map(argument ->
                        "argument \"%s\" is unknown: %s".formatted(Quoting.printable(argument.split("=", 2)[0]), known))
                .toList();
        return lines.isEmpty() && !rest.isEmpty() ? List.of("an argument has no name in front of it: " + known) : lines;
    }

    private static String known(Map<String, Setting> settings) {
        return "the settings are "
                + String.join(
                        ", ",
                        settings.values().stream()
                                .filter(setting -> !setting.isSecret())
                                .map(Setting::argument)
                                .toList());
    }

    @Override
    public List<String> ways(Setting setting) {
        return setting.isSecret() ? List.of() : List.of(setting.argument());
    }
}
