package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What reloads applications, besides SIGHUP.
public final class ReloadOptions {
    /// Files whose change reloads; [PythonProgramOptions#workingDirectory] is what they are relative to.
    public static final Option<List<Path>> TOUCH_RELOAD = Option.values(ValueType.PATH, "--touch-reload")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("reload the applications when this file changes");

    /// Files and directories whose change reloads.
    public static final Option<List<Path>> FS_RELOAD = Option.values(
                    ValueType.PATH, "--fs-reload", "--fs-brutal-reload")
            .label("PATH")
            .inUwsgi("same; --fs-brutal-reload kills what runs there")
            .says("reload the applications when this file changes, or this directory or something in it");

    /// Files whose change replaces all workers.
    public static final Option<List<Path>> TOUCH_WORKERS_RELOAD = Option.values(
                    ValueType.PATH, "--touch-workers-reload")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("replace the workers when this file changes; the program is imported again only with --lazy-apps");

    /// Files whose change replaces all spoolers.
    public static final Option<List<Path>> TOUCH_SPOOLERS_RELOAD = Option.values(
                    ValueType.PATH, "--touch-spoolers-reload")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("replace the spoolers when this file changes; the program is imported again only with --lazy-apps");

    /// Files whose change replaces the workers in turn.
    public static final Option<List<Path>> TOUCH_CHAIN_RELOAD = Option.values(ValueType.PATH, "--touch-chain-reload")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("the same, one worker after the other");

    /// How often to look for changed source files; zero for never. [#sourcePeriod] has what counts.
    static final Option<Duration> AUTORELOAD = Option.value(ValueType.TIME, "--autoreload")
            .label("SECONDS")
            .standard(Duration.ZERO)
            .says(
                    "how often to look for changed source files, and reload if there are any: those of Python programs, and"
                            + " of a Java application its FILE.java and the classes of --classpath; for development; 0 for"
                            + " never");

    /// The same, by uWSGI's names.
    static final Option<Duration> PY_AUTORELOAD = Option.value(
                    ValueType.TIME,
                    "--py-autoreload",
                    "--python-autoreload",
                    "--py-auto-reload",
                    "--python-auto-reload")
            .label("SECONDS")
            .standard(Duration.ZERO)
            .inUwsgi(Option.SAME)
            .says("the same as --autoreload, which counts where both are given");

    /// Whether the server ends instead of reloading.
    public static final Option<Boolean> EXIT_ON_RELOAD = Option.flag("--exit-on-reload")
            .inUwsgi("same; there uwsgi.reload() ends it, too")
            .says("end the server instead of reloading, on SIGHUP or when a file changes");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            TOUCH_RELOAD,
            FS_RELOAD,
            TOUCH_WORKERS_RELOAD,
            TOUCH_CHAIN_RELOAD,
            TOUCH_SPOOLERS_RELOAD,
            AUTORELOAD,
            PY_AUTORELOAD,
            EXIT_ON_RELOAD);

    private ReloadOptions() {}

    /// How often to look for changed source files; zero for never.
    public static Duration sourcePeriod(OptionValues values) {
        return values.given(AUTORELOAD).orElseGet(() -> values.of(PY_AUTORELOAD));
    }
}
