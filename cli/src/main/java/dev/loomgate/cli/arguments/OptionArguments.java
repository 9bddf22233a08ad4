package dev.loomgate.cli.arguments;

import dev.loomgate.cli.config.KnownOptions;
import dev.loomgate.cli.config.KnownOptions.Takes;
import dev.loomgate.cli.config.entries.ConfigEntry;
import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Makes arguments of entries, in order. What was typed and hasn't changed stays as it was typed.
///
/// A flag is on or off by its value, and the last one counts: it is an argument if it ends on. A number is
/// what the value begins with, as in uWSGI, and a notice says what is dropped.
final class OptionArguments {
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?[0-9]+).*", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\\s*([^\\s;#]+).*", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("(?s).*?(\\s[;#].*)");
    private static final Pattern QUOTED = Pattern.compile("(?s)(\"[^\"]*\"|'[^']*')");

    // Everything is right for them.
    private static final Set<ValueType<?>> TEXTS = Set.of(ValueType.TEXT, ValueType.PATH, ValueType.VARIABLE);

    private final CommandSpec command;
    private final KnownOptions known;
    private final TypedOptions typed;
    private final List<Notice> notices;
    private final Origins origins = new Origins();
    private final Map<OptionSpec, Integer> flags = new LinkedHashMap<>(); // where each stands that is on
    private final List<List<String>> arguments = new ArrayList<>();

    OptionArguments(CommandSpec command, KnownOptions known, TypedOptions typed, List<Notice> notices) {
        this.command = command;
        this.known = known;
        this.typed = typed;
        this.notices = notices;
    }

    List<String> all() {
        return arguments.stream().flatMap(List::stream).toList();
    }

    Origins origins() {
        return origins;
    }

    void add(ConfigEntry entry) {
        OptionSpec option = command.findOption("--" + entry.key());
        if (option != null && option.arity().max() == 0) {
            flag(option, entry);
        } else if (option == null && known.find(entry.key()).equals(Optional.of(Takes.NOTHING)) && !entry.isOn()) {
            return; // nothing is asked for
        } else {
            Optional<List<String>> words = typedWords(entry);
            if (words.isPresent()) {
                if (option != null) {
                    origins.typed(option);
                }
                arguments.add(words.get());
            } else {
                argument(option, entry);
            }
        }
    }

    private void flag(OptionSpec option, ConfigEntry entry) {
        Integer before = flags.remove(option);
        if (before != null) {
            arguments.set(before, List.of());
        }
        if (entry.isOn()) {
            flags.put(option, arguments.size());
            argument(option, entry, "--" + entry.key());
        }
    }

    private Optional<List<String>> typedWords(ConfigEntry entry) {
        if (!entry.origin().isCommandLine()
                || entry.origin().line() >= typed.options().size()) {
            return Optional.empty();
        }
        TypedOptions.Typed option = typed.options().get(entry.origin().line());
        boolean same = option.key().equals(entry.key()) && Objects.equals(option.value(), entry.value());
        return same ? Optional.of(option.words()) : Optional.empty();
    }

    private void argument(@Nullable OptionSpec option, ConfigEntry entry) {
        String name = "--" + entry.key();
        if (option == null) {
            argument(null, entry, entry.text().isEmpty() ? name : name + "=" + entry.text());
        } else if (entry.text().isEmpty() && option.arity().min() == 0) {
            argument(option, entry, name + "=" + option.fallbackValue());
        } else {
            argument(option, entry, name + "=" + value(option, entry));
        }
    }

    private void argument(@Nullable OptionSpec option, ConfigEntry entry, String argument) {
        Origins.Place place = new Origins.Place(entry.key(), entry.origin());
        if (entry.origin().isCommandLine()) {
            if (option != null) {
                origins.typed(option);
            }
        } else if (option == null) {
            origins.add(argument, place);
        } else {
            origins.add(option, argument, place);
        }
        arguments.add(List.of(argument));
    }

    /// The value, without what follows a number.
    private String value(OptionSpec option, ConfigEntry entry) {
        String value = entry.text();
        if (!(option.userObject() instanceof Option<?> row)
                || option.splitRegex().length() > 0) {
            return value;
        }
        if (TEXTS.contains(row.type())) {
            noticeOfComment(entry);
            return value;
        }
        if (isRight(row.type(), value)) {
            return value;
        }
        for (Pattern beginning : List.of(WORD, NUMBER)) {
            Matcher begins = beginning.matcher(value);
            if (begins.matches() && isRight(row.type(), begins.group(1))) {
                String rest = value.substring(begins.end(1));
                notices.add(new Notice(
                        entry.origin(),
                        "%s is %s, and '%s' is dropped; a comment has a line of its own"
                                .formatted(entry.key(), begins.group(1), rest.strip())));
                return begins.group(1);
            }
        }
        return value;
    }

    private void noticeOfComment(ConfigEntry entry) {
        Matcher comment = COMMENT.matcher(entry.text());
        if (comment.matches()) {
            notices.add(new Notice(
                    entry.origin(),
                    "%s: '%s' is part of the value; a comment has a line of its own"
                            .formatted(entry.key(), comment.group(1).strip())));
        } else if (QUOTED.matcher(entry.text()).matches()) {
            notices.add(new Notice(entry.origin(), entry.key() + ": the quotes are part of the value"));
        }
    }

    private static boolean isRight(ValueType<?> type, String value) {
        try {
            type.reader().convert(value);
            return true;
        } catch (Exception e) { // picocli's converters may throw any
            return false;
        }
    }
}
