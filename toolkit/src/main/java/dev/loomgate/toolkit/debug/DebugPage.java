package dev.loomgate.toolkit.debug;

import static dev.loomgate.toolkit.Html.escape;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The page of a failed request, in HTML without scripts.
record DebugPage(Failure failure, Environ environ, SourceFiles sources, Optional<UrlMap<?>> routes) {
    private static final int MAX_ROUTES = 500;
    private static final int MAX_VALUE_CHARACTERS = 2000;

    String html() {
        Failure.Link first = failure.links().getFirst();
        StringBuilder page = new StringBuilder(16 << 10);
        PageParts.begin(first, page);
        page.append("<p><code>")
                .append(escape(environ.method() + " " + target()))
                .append("</code></header>\n<main>\n");
        new PageParts(sources).appendLinks(failure, page);
        PageParts.appendText(environ.method() + " " + target() + "\n\n" + failure.text(), page);
        appendRequest(page);
        routes.ifPresent(map -> appendRoutes(map, page));
        return page.append("</main>\n<footer>Shown by DebugPages to this machine only. The log has it, too.</footer>\n")
                .toString();
    }

    private String target() {
        String target = environ.requestUri();
        return target.isEmpty() ? environ.scriptName() + environ.path() : target;
    }

    private void appendRequest(StringBuilder page) {
        Map<String, String> headers = new TreeMap<>();
        Map<String, String> variables = new TreeMap<>();
        environ.forEachText((key, value) -> {
            boolean header = key.startsWith("HTTP_") || key.startsWith("CONTENT_");
            (header ? headers : variables).put(header ? headerName(key) : key, value);
        });
        page.append("<section>\n<h2>Request</h2>\n");
        appendTable(headers, page);
        page.append("<details><summary>Variables</summary>\n");
        appendTable(variables, page);
        page.append("</details>\n</section>\n");
    }

    private static String headerName(String key) {
        StringBuilder name = new StringBuilder();
        for (String word : (key.startsWith("HTTP_") ? key.substring(5) : key).split("_", -1)) {
            name.append(name.isEmpty() ? "" : "-")
                    .append(
                            word.isEmpty()
                                    ? word
                                    : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private static void appendTable(Map<String, String> rows, StringBuilder page) {
        page.append("<table>\n");
        rows.forEach((name, value) -> page.append("<tr><td>")
                .append(escape(name))
                .append("<td>")
                .append(escape(shortened(name, value)))
                .append('\n'));
        page.append("</table>\n");
    }

    // A page ends up in a screenshot, and a screenshot in a chat.
    private static String shortened(String name, String value) {
        if (name.matches("(?i).*(authorization|cookie|password|secret|token|api.?key|session).*")) {
            return "(%d characters, not shown)".formatted(value.length());
        }
        return value.length() <= MAX_VALUE_CHARACTERS
                ? value
                : value.substring(0, MAX_VALUE_CHARACTERS) + "... (%d characters)".formatted(value.length());
    }

    private static <E> void appendRoutes(UrlMap<E> map, StringBuilder page) {
        page.append("<section>\n<h2>Routes</h2>\n<table>\n<tr><th>Rule<th>Methods<th>Endpoint\n");
        for (Rule<E> rule : map.rules().stream().limit(MAX_ROUTES).toList()) {
            page.append("<tr><td>")
                    .append(escape(rule.pattern()))
                    .append("<td>")
                    .append(rule.allowedMethods()
                            .map(methods -> escape(String.join(", ", methods)))
                            .orElse("any"))
                    .append("<td>")
                    .append(escape(String.valueOf(rule.endpoint())))
                    .append('\n');
        }
        page.append("</table>\n</section>\n");
    }
}
