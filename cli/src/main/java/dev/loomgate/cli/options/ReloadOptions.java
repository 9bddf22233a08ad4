package dev.loomgate.cli.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What reloads Python applications, besides SIGHUP.
final class ReloadOptions {
    static final Option<List<Path>> TOUCH_RELOAD = Option.values(ValueType.PATH, "--touch-reload")
            .label("FILE")
            .inUwsgi("same")
            .says("reload Python applications when this file changes");

    static final Option<Duration> PY_AUTORELOAD = Option.value(ValueType.TIME, "--py-autoreload", "--python-autoreload")
            .label("SECONDS")
            .standard(Duration.ZERO)
            .inUwsgi("same")
            .says("how often to look for changed source files, and reload if there are any; for "
                    + "development; 0 for never");

    static final List<Option<?>> ALL = List.of(TOUCH_RELOAD, PY_AUTORELOAD);

    private ReloadOptions() {}
}
