package dev.loomgate.cli.options;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Options of uWSGI that are in most of its command lines, and have nothing to do here: what they ask for is
/// always so.
public final class UwsgiOptions {
    @SuppressWarnings("UnusedVariable") // accepted, nothing more
    @Option(
            names = {
                "-M",
                "--master",
                "-T",
                "--enable-threads",
                "-i",
                "--single-interpreter",
                "--vacuum",
                "--die-on-term",
                "--thunder-lock",
                "--auto-procname",
                "--manage-script-name",
                "--no-orphans",
                "--memory-report"
            },
            description = "of uWSGI, needless here: accepted and without effect")
    private boolean always;

    @SuppressWarnings("UnusedVariable") // accepted, nothing more
    @Option(
            names = {"--plugin", "--plugins", "--post-buffering"},
            paramLabel = "VALUE",
            description = "of uWSGI, needless here: accepted and without effect")
    private List<String> withValue = new ArrayList<>();
}
