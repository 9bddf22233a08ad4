package dev.loomgate.toolkit.vectors;

import dev.loomgate.toolkit.routing.Explanation;
import dev.loomgate.toolkit.routing.MapAdapter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Where our routing differs from Werkzeug's on purpose, as rules that say when they apply.
final class RoutingDifferences {
    static final Pattern EXPONENT = Pattern.compile("[0-9]e[+-][0-9]{2}");

    private static final Pattern LIMITS = Pattern.compile("<(int|float)\\(([^)]*)\\):");
    private static final String REFUSED =
            "A value that a converter refuses is no match: Werkzeug notices after its search.";
    private static final String UNRELATED =
            "An unrelated rule does not change which of two others wins (pallets/werkzeug#3156).";

    private RoutingDifferences() {}

    /// Why our answers to these requests differ; null if they should not.
    static @Nullable String reason(JsonNode question, JsonNode werkzeug, JsonNode ours) {
        if (question.has("rules")) {
            return null;
        }
        String reason = null;
        for (int i = 0; i < ours.size(); i++) {
            if (!ours.get(i).equals(werkzeug.get(i))) {
                JsonNode request = question.get("requests").get(i);
                if (isRefused(question, request, werkzeug.get(i))) {
                    reason = REFUSED;
                } else if (isOtherOfTwo(question, request, werkzeug.get(i), ours.get(i))) {
                    reason = UNRELATED;
                } else {
                    return null;
                }
            }
        }
        return reason;
    }

    /// Whether Werkzeug found nothing, or a redirect, and a limit decides about the path: it looks at limits only after
    /// its search, so one ends that, or is not seen at all.
    private static boolean isRefused(JsonNode question, JsonNode request, JsonNode werkzeug) {
        String path = request.get(0).asString();
        String method = request.get(1).asString();
        ObjectNode unlimited = withoutLimits(question);
        return !werkzeug.has("found")
                && (differ(question, unlimited, path, method)
                        || differ(question, unlimited, path.replaceAll("/+", "/"), method));
    }

    private static boolean differ(JsonNode question, JsonNode unlimited, String path, String method) {
        return !said(Maps.bound(question), path, method).equals(said(Maps.bound(unlimited), path, method));
    }

    /// What the rules say to the path, without the names of those that don't match.
    private static List<String> said(MapAdapter<String> urls, String path, String method) {
        return urls.explain(path, method).stream()
                .map(one -> one.matches() ? "matches" : one.reason().replaceAll("'.*|ends before .*", ""))
                .toList();
    }

    /// The same rules, their limits so wide that nothing is beyond them.
    private static ObjectNode withoutLimits(JsonNode question) {
        ObjectNode unlimited = ((ObjectNode) question).deepCopy();
        ArrayNode rules = (ArrayNode) unlimited.get("map").get("rules");
        for (JsonNode rule : rules) {
            Matcher limits = LIMITS.matcher(rule.get("rule").asString());
            String pattern = limits.replaceAll(found -> "<%s(%smin=-%d):"
                    .formatted(
                            found.group(1),
                            found.group(2).contains("signed=True") ? "signed=True," : "",
                            // Still another converter than one with other limits.
                            1_000_000L + Math.floorMod(found.group(2).hashCode(), 1_000_000)));
            ((ObjectNode) rule).put("rule", pattern);
        }
        return unlimited;
    }

    /// Whether both answers come of rules that match.
    private static boolean isOtherOfTwo(JsonNode question, JsonNode request, JsonNode werkzeug, JsonNode ours) {
        List<Explanation<String>> matching =
                Maps.bound(question)
                        .explain(request.get(0).asString(), request.get(1).asString())
                        .stream()
                        .filter(Explanation::matches)
                        .toList();
        return matching.size() > 1 && isOneOf(matching, ours) && isOneOf(matching, werkzeug);
    }

    private static boolean isOneOf(List<Explanation<String>> matching, JsonNode answer) {
        return matching.stream()
                .anyMatch(one -> answer.has("redirect")
                        ? one.reason().contains("redirects")
                        : one.rule().endpoint().equals(answer.path("found").asString("")));
    }
}
