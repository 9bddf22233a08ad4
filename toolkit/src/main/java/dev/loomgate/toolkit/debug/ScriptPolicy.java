package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A response's Content-Security-Policy, with which one more script may run and connect to its own server.
///
/// Source: Content Security Policy Level 3, sections 2.2.1 "Parse a serialized CSP" and 6.8.3 "Get fetch
/// directive fallback list".
final class ScriptPolicy {
    private static final String HEADER = "Content-Security-Policy";

    private ScriptPolicy() {}

    /// Lets the script with this nonce do its work, whatever policies there are. Where there is none, there is none
    /// afterwards.
    static void allow(String nonce, Headers headers) {
        List<String> policies = headers.all(HEADER);
        if (policies.isEmpty()) {
            return;
        }
        headers.set(
                HEADER,
                policies.stream()
                        .flatMap(field -> List.of(field.split(",", -1)).stream())
                        .map(policy -> allowed(nonce, policy))
                        .collect(Collectors.joining(", ")));
    }

    private static String allowed(String nonce, String policy) {
        Map<String, List<String>> directives = new LinkedHashMap<>();
        for (String directive : policy.split(";", -1)) {
            List<String> words = List.of(directive.strip().split("\\s+"));
            if (!words.getFirst().isEmpty()) {
                // Of two with one name, the first counts.
                directives.putIfAbsent(words.getFirst().toLowerCase(Locale.ROOT), words.subList(1, words.size()));
            }
        }
        add("'nonce-" + nonce + "'", List.of("script-src-elem", "script-src", "default-src"), directives);
        add("'self'", List.of("connect-src", "default-src"), directives);
        return directives.entrySet().stream()
                .map(each -> each.getValue().isEmpty()
                        ? each.getKey()
                        : each.getKey() + " " + String.join(" ", each.getValue()))
                .collect(Collectors.joining("; "));
    }

    /// @param names of the directives, of which the first one that is there counts
    private static void add(String source, List<String> names, Map<String, List<String>> directives) {
        for (String name : names) {
            List<String> sources = directives.get(name);
            if (sources == null) {
                continue;
            }
            // With a nonce, 'unsafe-inline' no longer holds for the page's own scripts.
            boolean inline = source.startsWith("'nonce-")
                    && sources.contains("'unsafe-inline'")
                    && sources.stream().noneMatch(each -> each.startsWith("'nonce-") || each.startsWith("'sha"));
            if (!inline && !sources.contains(source)) {
                List<String> more = new ArrayList<>(sources);
                more.remove("'none'");
                more.add(source);
                directives.put(name.equals("default-src") ? specific(names) : name, more);
            }
            return;
        }
    }

    private static String specific(List<String> names) {
        return names.get(names.size() - 2);
    }
}
