package dev.loomgate.cli.config;

import java.util.Arrays;
import java.util.Optional;

/// What we refuse where uWSGI 2.0.21 reads on, and why. What else is different is in `docs/configuration-files.md`.
enum Difference {
    /// uWSGI names a section that nobody has asked for, warns, and starts without any option.
    COMMENT_AFTER_A_SECTION("it is part of the section's name"),

    /// The same, since the first line is no section then.
    BYTE_ORDER_MARK("byte order mark"),

    /// uWSGI gives the text on as it is, in an encoding that nothing here can name.
    NOT_UTF_8("this isn't UTF-8");

    private final String message;

    Difference(String message) {
        this.message = message;
    }

    static Optional<Difference> of(Optional<String> theirs, String ourError) {
        return Arrays.stream(values())
                .filter(each -> theirs.isPresent() && ourError.contains(each.message))
                .findFirst();
    }
}
