package dev.loomgate.cli.ctl;

import org.jspecify.annotations.Nullable;

/// No server can be asked. The message is a line for the operator.
final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
