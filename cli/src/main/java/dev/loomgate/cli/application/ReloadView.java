package dev.loomgate.cli.application;

import org.jspecify.annotations.Nullable;

/// Hears of the versions of applications: what a developer sees of them. Any thread.
interface ReloadView {
    /// Does nothing about it: the log has it.
    ReloadView NONE = new ReloadView() {
        @Override
        public void replaced(String application) {}

        @Override
        public void failed(String application, String message, @Nullable Throwable thrown) {}
    };

    /// It has another version, which answers from now on.
    ///
    /// @param application as messages call it: `--app Hello.java`
    void replaced(String application);

    /// Its next version can't be made or started, and the one before goes on.
    ///
    /// @param message what is wrong; the compiler's lines, or one
    /// @param thrown by the application's own code, or null
    void failed(String application, String message, @Nullable Throwable thrown);
}
