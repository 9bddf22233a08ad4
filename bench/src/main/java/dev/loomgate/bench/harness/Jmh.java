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
/// @param warmUp one iteration that doesn't count
/// @param iteration length of each of the four that count
/// @param runs how often everything is measured
/// @param scratch a folder for JMH's reports
public record Jmh(Jvm jvm, Duration warmUp, Duration iteration, int runs, Path scratch) {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /// Runs all benchmarks of a class, once with each of these lists of JMH's options.
    @SafeVarargs
    public final JmhReport measure(Class<?> benchmarks, List<String>... options)
            throws IOException, InterruptedException {
        JmhReport report = new JmhReport();
        for (int i = 1; i <= runs; i++) {
            Progress.say("run " + i + " of " + runs);
            for (List<String> each : options) {
                report.add(run(benchmarks, each));
            }
        }
        return report;
    }

    private String run(Class<?> benchmarks, List<String> options) throws IOException, InterruptedException {
        Path json = Files.createTempFile(scratch, "jmh", ".json");
        String all = "-f 1 -foe true -wi 1 -w %dms -i 4 -r %dms -rf json -rff"
                .formatted(warmUp.toMillis(), iteration.toMillis());
        List<String> arguments = new ArrayList<>(List.of(all.split(" ", -1)));
        arguments.add(json.toString());
        arguments.addAll(options);
        arguments.add(benchmarks.getName().replace(".", "\\.") + "\\.");
        Command.output(jvm.command(Main.class, arguments.toArray(String[]::new)), LIMIT);
        return Files.readString(json);
    }
}
