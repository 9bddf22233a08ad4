package dev.loomgate.cli;

import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.config.entries.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Names an option in a message as the operator typed it: many have more than one name, and a message that has another
/// one sends its reader looking.
final class TypedNames {
    private static final Pattern NAME = Pattern.compile("(?<![\\w-])--?[a-zA-Z][\\w-]*");

    private final Map<String, String> typed;
    private final Origins origins;

    private TypedNames(Map<String, String> typed, Origins origins) {
        this.typed = typed;
        this.origins = origins;
    }

    /// @param origins which options a file has given: they are named as they stand there
    /// @param args the command line
    static TypedNames of(CommandSpec command, Origins origins, String... args) {
        Map<String, String> typed = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            List<String> found = found(option, args);
            for (String name : option.names()) {
                if (!found.isEmpty() && !found.contains(name)) {
                    typed.put(name, found.getFirst());
                }
            }
        }
        for (OptionSpec option : command.options()) {
            for (String name : option.names()) {
                origins.ofOption(name).ifPresent(place -> typed.put(name, place.key()));
            }
        }
        return new TypedNames(typed, origins);
    }

    /// The same, after the file and line of the first option in it that a file has given.
    String located(String message) {
        return place(message).map(origin -> origin + ": ").orElse("") + in(message);
    }

    /// Where the first option in a message was given, if that is a file or the environment.
    Optional<Origin> place(String message) {
        return NAME.matcher(firstLine(message))
                .results()
                .flatMap(name -> origins.ofOption(name.group()).stream())
                .map(Origins.Place::origin)
                .findFirst();
    }

    /// An option's name for messages of later, in which it stands in parentheses: `--buffer-size`, or
    /// `buffer-size in site.ini:12`.
    String named(String option) {
        return in(option) + place(option).map(origin -> " in " + origin).orElse("");
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /// The message with the typed names in it. Only its first line is ours; a traceback may follow.
    String in(String message) {
        String first = firstLine(message);
        Matcher names = NAME.matcher(first);
        return names.replaceAll(name -> Matcher.quoteReplacement(typed.getOrDefault(name.group(), name.group())))
                + message.substring(first.length());
    }

    private static List<String> found(OptionSpec option, String... args) {
        List<String> found = new ArrayList<>();
        for (String arg : args) {
            for (String name : option.names()) {
                boolean is = arg.equals(name)
                        || arg.startsWith(name + "=")
                        || (name.length() == 2 && !arg.startsWith("--") && arg.startsWith(name));
                if (is && !found.contains(name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }
}
