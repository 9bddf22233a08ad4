package dev.loomgate.cli.arguments;

import dev.loomgate.cli.config.KnownOptions;
import dev.loomgate.cli.config.KnownOptions.Takes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The command line, option by option.
///
/// @param options those that are known
/// @param others all other words, in order
record TypedOptions(List<Typed> options, List<String> others) {
    /// @param key its name without dashes: the long one for `-p`
    /// @param value null for none
    /// @param words as they were typed
    record Typed(String key, @Nullable String value, List<String> words) {}

    static TypedOptions of(CommandSpec command, KnownOptions known, String... args) {
        Reader reader = new Reader(command, known, args);
        while (reader.next < args.length) {
            reader.read(args[reader.next++]);
        }
        return new TypedOptions(reader.options, reader.others);
    }

    /// The long name of an option.
    static String key(OptionSpec option) {
        for (String name : option.names()) {
            if (name.startsWith("--")) {
                return name.substring(2);
            }
        }
        return option.names()[0].substring(1);
    }

    private static final class Reader {
        private final CommandSpec command;
        private final KnownOptions known;
        private final String[] args;
        private final List<Typed> options = new ArrayList<>();
        private final List<String> others = new ArrayList<>();
        private int next;

        Reader(CommandSpec command, KnownOptions known, String... args) {
            this.command = command;
            this.known = known;
            this.args = args;
        }

        void read(String word) {
            if (word.equals("--")) {
                others.add(word);
                others.addAll(List.of(args).subList(next, args.length));
                next = args.length;
            } else if (word.startsWith("--")) {
                longOption(word);
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                shortOption(word);
            } else {
                others.add(word);
            }
        }

        private void longOption(String word) {
            int equals = word.indexOf('=');
            String key = word.substring(2, equals < 0 ? word.length() : equals);
            OptionSpec option = command.findOption("--" + key);
            Optional<Takes> takes = option == null ? known.find(key) : Optional.of(takes(option));
            if (takes.isEmpty()) {
                others.add(word);
            } else if (equals >= 0) {
                options.add(new Typed(key, word.substring(equals + 1), List.of(word)));
            } else {
                valueMayFollow(key, word, takes.get(), option != null);
            }
        }

        private void shortOption(String word) {
            OptionSpec option = command.findOption(word.substring(0, 2));
            if (option == null) {
                others.add(word);
                return;
            }
            String key = key(option);
            if (word.length() == 2) {
                valueMayFollow(key, word, takes(option), true);
            } else if (takes(option) == Takes.NOTHING) {
                options.add(new Typed(key, null, List.of(word.substring(0, 2))));
                shortOption("-" + word.substring(2));
            } else {
                options.add(new Typed(key, word.substring(word.charAt(2) == '=' ? 3 : 2), List.of(word)));
            }
        }

        private void valueMayFollow(String key, String word, Takes takes, boolean isOffered) {
            boolean follows = next < args.length;
            boolean takesIt =
                    switch (takes) {
                        case NOTHING -> false;
                        case VALUE -> follows;
                        // As picocli has it; uWSGI wants an = there.
                        case OPTIONAL ->
                            follows
                                    && isOffered
                                    && !args[next].startsWith("-")
                                    && !GivenArguments.isConfigurationFile(args[next]);
                    };
            if (takesIt) {
                options.add(new Typed(key, args[next], List.of(word, args[next])));
                next++;
            } else if (takes == Takes.VALUE) {
                others.add(word); // the value is missing, and that is said of it
            } else {
                options.add(new Typed(key, null, List.of(word)));
            }
        }

        private static Takes takes(OptionSpec option) {
            if (option.arity().max() == 0) {
                return Takes.NOTHING;
            }
            return option.arity().min() == 0 ? Takes.OPTIONAL : Takes.VALUE;
        }
    }
}
