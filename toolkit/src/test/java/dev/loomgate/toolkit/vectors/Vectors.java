package dev.loomgate.toolkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
        assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
        Map<JsonNode, String> known = deviations(family);
        StringBuilder unlisted = new StringBuilder();
        for (Case one : cases) {
            JsonNode answer = ours.apply(one.question());
            String listed = known.remove(one.question());
            String difference = answer.equals(one.answer()) ? null : answer.toString();
            if (!Objects.equals(listed, difference)) {
                unlisted.append(one.question())
                        .append("\n  werkzeug ")
                        .append(one.answer())
                        .append("\n  ours     ")
                        .append(answer)
                        .append("\n  listed   ")
                        .append(listed)
                        .append('\n');
            }
        }
        assertThat(unlisted.toString())
                .as("differences that deviations.jsonl doesn't list so")
                .isEmpty();
        assertThat(known).as("deviations of %s without a case", family).isEmpty();
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

    private static List<Case> cases(String family) {
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
