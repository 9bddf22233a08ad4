package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The arrows between the command line's packages, each of them: who adds one adds it here, or finds a better
/// place.
class CliPackagesTest {
    /// What each package uses of the others, from the bottom up. The empty name is the root package, the
    /// program.
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("acme", Set.of()),
            Map.entry("log", Set.of()),
            Map.entry("files", Set.of()),
            Map.entry("loggers", Set.of("files", "log", "options.values", "process")),
            Map.entry("reload", Set.of("files", "process")),
            Map.entry("process", Set.of("files")),
            Map.entry("cron", Set.of("process")),
            Map.entry("daemons", Set.of("files", "options.values", "process")),
            Map.entry("live", Set.of()),
            Map.entry("admin", Set.of()),
            Map.entry("control", Set.of("admin", "live", "log")),
            Map.entry("ctl", Set.of("control")),
            Map.entry("stats", Set.of("admin", "live")),
            Map.entry("metrics", Set.of("admin", "cron", "live", "stats")),
            Map.entry("dashboard", Set.of("admin", "live", "log")),
            Map.entry("kinds", Set.of()),
            Map.entry("options.values", Set.of("kinds")),
            Map.entry("options.uwsgi", Set.of()),
            Map.entry("options.table", Set.of("options.values")),
            Map.entry("emperor", Set.of("config.expansion", "files", "process")),
            Map.entry(
                    "options.rows",
                    Set.of(
                            "acme",
                            "cron",
                            "daemons",
                            "dashboard",
                            "emperor",
                            "log",
                            "loggers",
                            "metrics",
                            "options.table",
                            "options.values",
                            "process",
                            "reload",
                            "stats")),
            Map.entry(
                    "options",
                    Set.of(
                            "acme",
                            "cron",
                            "daemons",
                            "dashboard",
                            "emperor",
                            "log",
                            "loggers",
                            "metrics",
                            "options.rows",
                            "options.table",
                            "options.uwsgi",
                            "options.values",
                            "process",
                            "reload",
                            "stats")),
            Map.entry("application", Set.of("files", "kinds", "options.values", "reload")),
            Map.entry("manual", Set.of("options")),
            Map.entry("config.entries", Set.of()),
            Map.entry("config.formats", Set.of()),
            Map.entry("config.expansion", Set.of("config.entries")),
            Map.entry("config", Set.of("config.entries", "config.expansion", "config.formats")),
            Map.entry(
                    "arguments", Set.of("config", "config.entries", "options.rows", "options.table", "options.values")),
            Map.entry(
                    "",
                    Set.of(
                            "acme",
                            "application",
                            "arguments",
                            "config",
                            "config.entries",
                            "control",
                            "cron",
                            "ctl",
                            "daemons",
                            "dashboard",
                            "emperor",
                            "live",
                            "log",
                            "loggers",
                            "manual",
                            "metrics",
                            "options",
                            "options.table",
                            "options.uwsgi",
                            "options.values",
                            "process",
                            "reload",
                            "stats")));

    @Test
    void thePackagesUseEachOtherAsDrawn() {
        assertThat(PackageArrows.of(Module.CLI)).isEqualTo(ARROWS);
    }
}
