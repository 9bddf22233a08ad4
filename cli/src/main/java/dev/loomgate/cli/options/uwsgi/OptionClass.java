package dev.loomgate.cli.options.uwsgi;

import java.util.Arrays;
import java.util.Locale;

/// What becomes of an option of uWSGI's here.
public enum OptionClass {
    /// It is offered, and does what it does there.
    SAME,
    /// It is offered, and does something else, or takes other values.
    DIFFERS,
    /// It is accepted and does nothing: what it asks for is always so, or can't matter here.
    NEEDLESS,
    /// It isn't offered: another option does it.
    RENAMED,
    /// It isn't offered, and may come.
    NOT_YET,
    /// It isn't offered: it is another program's job, or has no meaning here.
    NEVER;

    /// `not yet`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Whether a start that names it goes on.
    public boolean isAccepted() {
        return this == SAME || this == DIFFERS || this == NEEDLESS;
    }

    /// The inverse of [#text].
    ///
    /// @throws IllegalArgumentException if there is none
    static OptionClass of(String text) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no class of options"));
    }
}
