package dev.loomgate.cli.application;

import dev.loomgate.toolkit.debug.LiveReload;
import org.jspecify.annotations.Nullable;

/// Shows the versions of applications in the browser.
record LiveView(LiveReload pages) implements ReloadView {
    @Override
    public void replaced(String application) {
        pages.replaced(application);
    }

    @Override
    public void failed(String application, String message, @Nullable Throwable thrown) {
        pages.failed(application, message, thrown);
    }
}
