package dev.loomgate.toolkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Recorded cases, and what comes of replaying them.
final class Vectors {
    private static final int SHOWN = 10;

    static final JsonMapper JSON = JsonMapper.shared();

    /// A question that Werkzeug was asked, and its answer.
    record Case(JsonNode question, JsonNode answer) {}

    private Vectors() {}

    /// Asks our side each recorded question of a family. What it answers otherwise than Werkzeug must be exactly
    /// what `deviations.jsonl` lists, each with its reason.
    static void replay(String family, int atLeast, Function<JsonNode, JsonNode> ours) {
        compare(family, atLeast, cases(family), ours);
    }

    /// The same for a family whose cases have a list of questions to one subject: each is a case of its own.
    static void replayEach(String family, String list, int atLeast, Function<JsonNode, JsonNode> ours) {
        List<Case> cases = new ArrayList<>();
        for (Case whole : cases(family)) {
            ObjectNode subject = ((ObjectNode) whole.question()).deepCopy();
            JsonNode questions = subject.remove(list);
            for (int i = 0; i < questions.size(); i++) {
                ObjectNode question = subject.deepCopy();
                question.set("request", questions.get(i));
                cases.add(new Case(question, whole.answer().get(i)));
            }
        }
        compare(family, atLeast, cases, ours);
    }

    private static void compare(String family, int atLeast, List<Case> cases, Function<JsonNode, JsonNode> ours) {
        assertThat(cases.size()).isGreaterThanOrEqualTo(atLeast);
        Map<JsonNode, String> known = deviations(family);
        List<String> unlisted = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Case one : cases) {
            JsonNode answer = ours.apply(one.question());
            String listed = known.remove(one.question());
            String difference = answer.equals(one.answer()) ? null : answer.toString();
            if (!Objects.equals(listed, difference)) {
                unlisted.add("%s\n  werkzeug %s\n  ours     %s\n  listed   %s\n"
                        .formatted(one.question(), one.answer(), answer, listed));
                lines.add(line(family, one, answer));
            }
        }
        write(family, lines);
        assertThat(String.join("", unlisted.subList(0, Math.min(SHOWN, unlisted.size()))))
                .as("%d differences that deviations.jsonl doesn't list so", unlisted.size())
                .isEmpty();
        assertThat(known).as("deviations of %s without a case", family).isEmpty();
    }

    private static String line(String family, Case one, JsonNode answer) {
        ObjectNode line = JSON.createObjectNode().put("family", family);
        line.set("case", one.question());
        line.set("ours", answer);
        return line.put("reason", "").toString();
    }

    /// For who adds them to the list, each with a reason: `target/differences/<family>.jsonl`.
    private static void write(String family, List<String> lines) {
        Path file = Path.of("target", "differences", family + ".jsonl");
        try {
            Files.createDirectories(file.getParent());
            if (lines.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                Files.write(file, lines);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<JsonNode, String> deviations(String family) {
        Map<JsonNode, String> known = new LinkedHashMap<>();
        for (JsonNode line : lines("deviations")) {
            if (line.get("family").asString().equals(family)) {
                assertThat(line.get("reason").asString()).isNotBlank();
                known.put(line.get("case"), line.get("ours").toString());
            }
        }
        return known;
    }

    static List<Case> cases(String family) {
        List<JsonNode> lines = lines(family);
        assertThat(lines.getFirst().get("werkzeug").asString()).startsWith("3.1.");
        return lines.stream()
                .skip(1)
                .map(line -> new Case(line.get("input"), line.get("answer")))
                .toList();
    }

    private static List<JsonNode> lines(String name) {
        try (InputStream input = Vectors.class.getResourceAsStream("/vectors/" + name + ".jsonl")) {
            return new String(Objects.requireNonNull(input, name).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(JSON::readTree)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
