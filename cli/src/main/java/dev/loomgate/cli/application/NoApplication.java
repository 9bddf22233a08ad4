package dev.loomgate.cli.application;

import org.jspecify.annotations.Nullable;

/// What `--app` names can't be run. The message says why, for the operator: one line, or the compiler's lines.
public final class NoApplication extends Exception {
    private static final long serialVersionUID = 1;

    NoApplication(String message) {
        super(message);
    }

    /// @param cause what the application's own code threw, whose stack the operator needs; or null
    NoApplication(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
