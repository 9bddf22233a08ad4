package dev.loomgate.toolkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Asks real Werkzeug, right now, what nobody asked it before, and compares.
///
/// The seed comes from the clock, so that nobody has chosen it; `-Dloomgate.oracle.seed=` repeats a run, and
/// `-Dloomgate.oracle.cases=` makes it longer. The interpreter is the one with the newest Werkzeug of what
/// `-Dloomgate.oracle.python=` or `LOOMGATE_CURRENT_PYTHON` names and those on the path. One that is older than the
/// recorded answers is asked what it is known to answer alike.
@Tag("once")
class LiveDifferentialTest {
    private static final Path ORACLE =
            Path.of("src", "test", "oracle", "oracle.py").toAbsolutePath();
    private static final List<String> ALIKE_IN_2_2 = List.of(
            "args.plain",
            "date",
            "dispatcher",
            "multipart.plain",
            "routing.factories",
            "routing.plain",
            "secure_filename",
            "static_files");
    // Without what has quoted strings: until 3.1.9 a backslash stayed before most characters.
    private static final List<String> ALIKE_IN_3_1_0 = Stream.concat(
                    ALIKE_IN_2_2.stream(), Stream.of("args", "routing.match"))
            .toList();
    private static final List<String> ALL = Families.ALL.keySet().stream()
            .filter(family ->
                    !List.of("cache_control", "if_range", "trusted_host").contains(family))
            .sorted()
            .toList();

    // Of each family.
    private static final int SHOWN = 5;

    private static final class Count {
        private int cases;
        private int agreements;
        private int deviations;
        private int differences;
    }

    @Test
    void whatNobodyAskedBeforeIsAnsweredAlike() throws Exception {
        long seed = Long.getLong("loomgate.oracle.seed", System.nanoTime());
        int cases = Integer.getInteger("loomgate.oracle.cases", 400);
        Map.Entry<String, String> python = python();
        List<String> families = families(python.getValue());
        List<String> command = new ArrayList<>(
                List.of(python.getKey(), ORACLE.toString(), "random", Long.toString(seed), Integer.toString(cases)));
        command.addAll(families);
        Map<String, Count> counts = new TreeMap<>();
        List<String> differences = new ArrayList<>();
        List<String> answers = run(command);
        for (String line : answers.subList(1, answers.size())) {
            JsonNode asked = Vectors.JSON.readTree(line);
            compare(asked, counts.computeIfAbsent(asked.get("family").asString(), _ -> new Count()), differences);
        }

        StringBuilder table =
                new StringBuilder("live differential run: Werkzeug %s, seed %d%n".formatted(python.getValue(), seed));
        counts.forEach((family, count) -> table.append("%-20s %6d cases %6d agreements %4d deviations%n"
                .formatted(family, count.cases, count.agreements, count.deviations)));
        System.out.print(table);
        Files.writeString(Path.of("target", "differential.txt"), table);
        assertThat(differences)
                .as("differences with seed %d that nobody has decided on", seed)
                .isEmpty();
        assertThat(counts.keySet())
                .containsExactlyInAnyOrderElementsOf(families)
                .allSatisfy(family -> assertThat(Objects.requireNonNull(counts.get(family)).cases)
                        .isEqualTo(cases));
        // The rules that excuse a difference must not excuse everything.
        counts.forEach((family, count) -> assertThat(count.deviations)
                .as(family)
                .isLessThanOrEqualTo(
                        switch (family) {
                            case "conditional" -> cases / 2;
                            case "date", "routing.limits" -> cases / 4;
                            case "etags", "multipart", "static_files" -> cases / 6;
                            case "form", "proxy_fix", "routing.built" -> 5 + cases / 10;
                            default -> 5 + cases / 40;
                        }));
    }

    /// What that version answers as the one does whose answers are recorded.
    private static List<String> families(String version) {
        return number(version) >= number("3.1.9")
                ? ALL
                : number(version) >= number("3.1.0") ? ALIKE_IN_3_1_0 : ALIKE_IN_2_2;
    }

    private static int number(String version) {
        int number = 0;
        String[] pieces = version.split("\\.", -1);
        for (int i = 0; i < 3; i++) {
            String digits = i < pieces.length ? pieces[i].replaceAll("[^0-9].*", "") : "";
            number = 1000 * number + (digits.isEmpty() ? 0 : Integer.parseInt(digits));
        }
        return number;
    }

    private static void compare(JsonNode asked, Count count, List<String> differences) {
        String family = asked.get("family").asString();
        JsonNode question = asked.get("input");
        JsonNode werkzeug = asked.get("answer");
        JsonNode ours = Objects.requireNonNull(Families.ALL.get(family), family).apply(question);
        count.cases++;
        if (ours.equals(werkzeug)) {
            count.agreements++;
        } else if (KnownDifferences.reason(family, question, werkzeug, ours).isPresent()) {
            count.deviations++;
        } else if (count.differences++ < SHOWN) {
            differences.add("%s %s%n  werkzeug %s%n  ours     %s%n".formatted(family, question, werkzeug, ours));
        }
    }

    /// An interpreter and the version of its Werkzeug, the newest that there is.
    private static Map.Entry<String, String> python() {
        List<Map.Entry<String, String>> found = Stream.of(
                        System.getProperty("loomgate.oracle.python", ""),
                        Python.current().map(Path::toString).orElse(""),
                        "python3",
                        "python",
                        Python.DEBIAN)
                .filter(name -> !name.isEmpty())
                .flatMap(name -> version(name).map(version -> Map.entry(name, version)).stream())
                .toList();
        assertThat(found)
                .as("interpreters with Werkzeug: install Debian's python3-werkzeug, or name one with"
                        + " LOOMGATE_CURRENT_PYTHON")
                .isNotEmpty();
        return Collections.max(found, Comparator.comparingInt(python -> number(python.getValue())));
    }

    private static Optional<String> version(String python) {
        try {
            return Optional.of(run(List.of(
                            python,
                            "-c",
                            "from importlib.metadata import version; import werkzeug; print(version('werkzeug'))"))
                    .getFirst());
        } catch (IOException | AssertionError e) {
            return Optional.empty();
        }
    }

    private static List<String> run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = output.lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("status of %s", command).isZero();
            return lines;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
