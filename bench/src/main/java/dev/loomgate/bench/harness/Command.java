package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A command that runs to its end and says something, both streams together.
public final class Command {
    private Command() {}

    /// Runs `command`; throws [IOException] if it can't be started, fails, or takes longer than `limit`.
    public static String output(List<String> command, Duration limit) throws IOException, InterruptedException {
        return run(command, limit, true);
    }

    /// As [#output(List, Duration)], whatever the exit status: `wrk -v` says its version and fails.
    public static String said(List<String> command, Duration limit) throws IOException, InterruptedException {
        return run(command, limit, false);
    }

    private static String run(List<String> command, Duration limit, boolean mustSucceed)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("loomgate-bench", ".out");
        output.toFile().deleteOnExit(); // for a run that is interrupted
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (Children.Registration _ = Children.register(process)) {
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(command + " did not end within " + limit);
                }
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            if (mustSucceed && process.exitValue() != 0) {
                throw new IOException(command + " ended with " + process.exitValue() + ": " + said);
            }
            return said;
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
