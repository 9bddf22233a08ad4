package dev.loomgate.cli.manual;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/// What a shell can offer for an option's value.
///
/// @param kind what it is
/// @param words for [Kind#CHOICE]: all that there are; otherwise empty
record TypedValue(Kind kind, List<String> words) {
    enum Kind {
        /// The option takes no value.
        NONE,
        /// A file, or a directory on the way to one.
        FILE,
        DIRECTORY,
        /// One of some words.
        CHOICE,
        /// What nobody can guess.
        TEXT
    }

    static TypedValue of(OptionSpec option) {
        if (option.arity().max() == 0) {
            return new TypedValue(Kind.NONE, List.of());
        }
        Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
        if (type.isEnum()) {
            List<String> words = Stream.of(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .toList();
            return new TypedValue(Kind.CHOICE, words);
        }
        String label = option.paramLabel();
        // Those that begin with a path: `FILE.py`, `PATH`, `CLASS|FILE.java`; not `NAME=FILE`.
        if (label.startsWith("DIRECTORY")) {
            return new TypedValue(Kind.DIRECTORY, List.of());
        }
        return label.matches("(\\w+\\|)?(FILE|PATH|PIDFILE|PROGRAM)\\b.*")
                ? new TypedValue(Kind.FILE, List.of())
                : new TypedValue(Kind.TEXT, List.of());
    }

    /// Whether it may only follow a `=`: left out otherwise.
    static boolean isOptional(OptionSpec option) {
        return option.arity().min() == 0 && option.arity().max() > 0;
    }
}
