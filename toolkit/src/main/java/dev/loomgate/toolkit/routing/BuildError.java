package dev.loomgate.toolkit.routing;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// No rule builds the URL that was asked for. The message says what is missing.
public final class BuildError extends RuntimeException {
    private static final long serialVersionUID = 1;

    <E> BuildError(UrlMap<E> map, E endpoint, Map<String, ?> values, @Nullable String method) {
        super("could not build URL for endpoint %s%s%s: %s"
                .formatted(
                        endpoint,
                        method == null ? "" : " (" + method + ")",
                        values.isEmpty() ? "" : " with values " + new TreeSet<>(values.keySet()),
                        reason(map, endpoint, values, method)));
    }

    private static <E> String reason(UrlMap<E> map, E endpoint, Map<String, ?> values, @Nullable String method) {
        Collection<CompiledRule<E>> rules = map.ofEndpoint(endpoint);
        if (rules.isEmpty()) {
            return "the map has no such endpoint, only " + map.endpoints();
        }
        StringBuilder reason = new StringBuilder();
        for (CompiledRule<E> rule : rules) {
            reason.append(reason.isEmpty() ? "" : "; ")
                    .append("rule ")
                    .append(rule)
                    .append(' ');
            Set<String> missing = new TreeSet<>(rule.arguments);
            missing.removeAll(values.keySet());
            missing.removeAll(rule.rule.defaults().keySet());
            if (method != null && !rule.allows(method)) {
                reason.append("is for other methods");
            } else if (!missing.isEmpty()) {
                reason.append("needs values for ").append(missing);
            } else {
                reason.append("has other defaults: ").append(rule.rule.defaults());
            }
        }
        return reason.toString();
    }
}
