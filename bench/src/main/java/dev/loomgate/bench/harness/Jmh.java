package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.Main;

/// JMH in a process of its own, which starts one more for each benchmark and each choice of parameters. All have the
/// flags of every other server. Whole runs follow one another, so that a busy minute doesn't hit one benchmark alone.
///
/// @param iteration length of an iteration; there are four, after one of five times that for warming up
/// @param runs how often everything is measured
/// @param scratch a folder for JMH's reports
public record Jmh(Jvm jvm, Duration iteration, int runs, Path scratch) {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /// Runs all benchmarks of a class.
    public JmhReport measure(Class<?> benchmarks, String... options) throws IOException, InterruptedException {
        JmhReport report = new JmhReport();
        for (int i = 1; i <= runs; i++) {
            Progress.say("run " + i + " of " + runs);
            report.add(run(benchmarks, options));
        }
        return report;
    }

    private String run(Class<?> benchmarks, String... options) throws IOException, InterruptedException {
        Path json = Files.createTempFile(scratch, "jmh", ".json");
        List<String> arguments = new ArrayList<>(List.of(
                benchmarks.getName().replace(".", "\\.") + "\\.",
                "-f",
                "1",
                "-foe",
                "true",
                "-wi",
                "1",
                "-w",
                5 * iteration.toMillis() + "ms",
                "-i",
                "4",
                "-r",
                iteration.toMillis() + "ms",
                "-rf",
                "json",
                "-rff",
                json.toString()));
        arguments.addAll(List.of(options));
        Command.output(jvm.command(Main.class, arguments.toArray(String[]::new)), LIMIT);
        return Files.readString(json);
    }
}
