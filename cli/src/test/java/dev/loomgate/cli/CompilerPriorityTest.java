package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class CompilerPriorityTest {
    private static final String COMPILER = "C2 CompilerThre";

    @TempDir
    private Path directory;

    @Test
    void niceValueIsFoundAfterANameWithSpacesAndParentheses() {
        assertThat(CompilerPriority.nice(
                        "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 812 34 5 6 1200 345 67 8 20 7 12 0 901"))
                .isEqualTo(7);
    }

    @Test
    void optimisingCompilerStepsBackAndNothingElse() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.startWith(
                List.of("-XX:+UseSerialGC", "-Xmx256m"), directory, "demo", "--http", "127.0.0.1:0")) {
            int usual = niceValues(demo).getOrDefault("java", -1);
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (!niceValues(demo).getOrDefault(COMPILER, usual).equals(usual + CompilerPriority.NICER)) {
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                Thread.sleep(20);
            }
            Map<String, Integer> others = niceValues(demo);
            others.remove(COMPILER);
            assertThat(others).containsKeys("C1 CompilerThre", "loomgate-loop-0");
            assertThat(others.values()).containsOnly(usual);
        }
    }

    private static Map<String, Integer> niceValues(LoomgateProcess process) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.map(CompilerPriorityTest::stat)
                    .filter(stat -> !stat.isEmpty())
                    .collect(Collectors.toMap(
                            stat -> stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
                            CompilerPriority::nice,
                            Math::max));
        }
    }

    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return ""; // it has ended meanwhile
        }
    }
}
