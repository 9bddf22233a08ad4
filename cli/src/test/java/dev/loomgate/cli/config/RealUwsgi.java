package dev.loomgate.cli.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Debian's uWSGI, asked what it reads in a file.
final class RealUwsgi {
    private static final String BEGIN = "\n;uWSGI instance configuration";
    private static final String END = "\n;end of configuration\n\n";
    private static final int SECONDS = 20;
    private static final int CPU_SECONDS = 3;
    private static final long MEMORY = 200L << 20;
    private static final Pattern OPTION = Pattern.compile("(?m)^ +(?:-.\\|)?--([^ ]+)");

    private RealUwsgi() {}

    /// The names of its options, without plugins.
    static Set<String> options() throws IOException {
        Process process =
                new ProcessBuilder("uwsgi", "--help").redirectErrorStream(true).start();
        String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Set<String> names = new HashSet<>();
        Matcher option = OPTION.matcher(help);
        while (option.find()) {
            names.add(option.group(1));
        }
        return names;
    }

    /// What it shows of its configuration; empty if it ends before.
    ///
    /// @param environment all that it has
    static Optional<String> shown(Path directory, Map<String, String> environment, String... args) {
        // A name that leads to itself takes memory, or time, without an end.
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/prlimit", "--as=" + MEMORY, "--cpu=" + CPU_SECONDS, "/usr/bin/uwsgi"));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = null;
        try {
            process = builder.start();
            process.getOutputStream().close();
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            try (InputStream in = process.getInputStream()) {
                byte[] buffer = new byte[8192];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    output.write(buffer, 0, n);
                    String text = output.toString(StandardCharsets.UTF_8);
                    int end = text.indexOf(END);
                    if (end >= 0) {
                        return Optional.of(text.substring(text.indexOf(BEGIN), end + END.length()));
                    }
                }
            }
            process.waitFor(SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
