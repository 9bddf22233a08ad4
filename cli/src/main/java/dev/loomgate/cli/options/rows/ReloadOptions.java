package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.ValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What reloads Python applications, besides SIGHUP.
public final class ReloadOptions {
    /// Files whose change reloads; [PythonProgramOptions#workingDirectory] is what they are relative to.
    public static final Option<List<Path>> TOUCH_RELOAD = Option.values(ValueType.PATH, "--touch-reload")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("reload Python applications when this file changes");

    /// How often to look for changed source files; zero for never.
    public static final Option<Duration> PY_AUTORELOAD = Option.value(
                    ValueType.TIME,
                    "--py-autoreload",
                    "--python-autoreload",
                    "--py-auto-reload",
                    "--python-auto-reload")
            .label("SECONDS")
            .standard(Duration.ZERO)
            .inUwsgi(Option.SAME)
            .says("how often to look for changed source files, and reload if there are any; for "
                    + "development; 0 for never");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(TOUCH_RELOAD, PY_AUTORELOAD);

    private ReloadOptions() {}
}
