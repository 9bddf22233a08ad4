package dev.loomgate.toolkit.debug;

import static dev.loomgate.toolkit.Html.escape;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The page of a failed request, in HTML without scripts.
record DebugPage(Failure failure, Environ environ, SourceFiles sources, Optional<UrlMap<?>> routes) {
    private static final int MAX_ROUTES = 500;
    private static final int MAX_VALUE_CHARACTERS = 2000;
    private static final List<String> OF_OTHERS = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "dev.loomgate.gateway.",
            "dev.loomgate.loop.",
            "dev.loomgate.server.",
            "dev.loomgate.toolkit.",
            "dev.loomgate.python.",
            "io.netty.");

    private static final String STYLE = """
        :root { color-scheme: light dark; --line: #8884; --mark: #e5484d33; --soft: #8881; --red: #c62a2f }
        @media (prefers-color-scheme: dark) { :root { --red: #ff9592 } }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1.5rem }
        h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere }
        h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line) }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere }
        .type { color: var(--red); font-family: ui-monospace, monospace; overflow-wrap: anywhere }
        pre, code, td { font: 13px/1.45 ui-monospace, monospace }
        pre { background: var(--soft); margin: .25rem 0 .75rem; overflow-x: auto; padding: .5rem .75rem }
        pre.message { border-left: 4px solid var(--red); white-space: pre-wrap }
        pre b { background: var(--mark); display: block; font-weight: inherit }
        pre i { color: #888; font-style: normal; user-select: none }
        ol { list-style: none; padding: 0 } summary { cursor: pointer } summary code { overflow-wrap: anywhere }
        table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600 }
        td, th { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: .2rem .75rem .2rem 0;
                 vertical-align: top } td:first-child { white-space: nowrap }
        footer { color: #888; margin-top: 2rem }
        """;

    String html() {
        Failure.Link first = failure.links().getFirst();
        StringBuilder page = new StringBuilder(16 << 10);
        page.append("<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n")
                .append("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escape(simpleName(first.type()) + ": " + first.summary()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n<header><div class=type>")
                .append(escape(first.type()))
                .append("</div>\n<h1>")
                .append(escape(first.summary().isEmpty() ? simpleName(first.type()) : first.summary()))
                .append("</h1>\n<p><code>")
                .append(escape(environ.method() + " " + target()))
                .append("</code></header>\n<main>\n");
        failure.links().forEach(link -> appendLink(link, page));
        appendRequest(page);
        routes.ifPresent(map -> appendRoutes(map, page));
        return page.append("</main>\n<footer>Shown by DebugPages to this machine only. The log has it, too.</footer>\n")
                .toString();
    }

    private String target() {
        String target = environ.requestUri();
        return target.isEmpty() ? environ.scriptName() + environ.path() : target;
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private void appendLink(Failure.Link link, StringBuilder page) {
        page.append("<section>\n");
        if (!link.relation().isEmpty()) {
            page.append("<h2>")
                    .append(link.relation())
                    .append(" <span class=type>")
                    .append(escape(link.type()))
                    .append("</span></h2>\n");
        }
        // The heading has it already, if that is all of it.
        if (!link.message().isEmpty()
                && (!link.relation().isEmpty() || link.message().indexOf('\n') >= 0)) {
            page.append("<pre class=message>").append(escape(link.message())).append("</pre>\n");
        }
        if (!link.frames().isEmpty()) {
            page.append("<ol>\n");
            appendFrames(link.frames(), page);
            page.append("</ol>\n");
        }
        page.append("</section>\n");
    }

    /// The application's own frames with their source, and of others a line each, folded up where they follow each
    /// other.
    private void appendFrames(List<StackTraceElement> frames, StringBuilder page) {
        int i = 0;
        boolean open = true;
        while (i < frames.size()) {
            int end = i;
            while (end < frames.size() && isOfOthers(frames.get(end))) {
                end++;
            }
            if (end > i) {
                page.append("<li><details><summary>")
                        .append(end - i)
                        .append(end - i == 1 ? " frame" : " frames")
                        .append(" of libraries</summary><pre>")
                        .append(frames.subList(i, end).stream()
                                .map(frame -> escape(frame.toString()))
                                .collect(Collectors.joining("\n")))
                        .append("</pre></details>\n");
                i = end;
            } else {
                appendFrame(frames.get(i), open, page);
                open = false;
                i++;
            }
        }
    }

    private boolean isOfOthers(StackTraceElement frame) {
        return OF_OTHERS.stream().anyMatch(frame.getClassName()::startsWith)
                && sources.around(frame).isEmpty();
    }

    private void appendFrame(StackTraceElement frame, boolean open, StringBuilder page) {
        Optional<SourceFiles.Excerpt> excerpt = sources.around(frame);
        if (excerpt.isEmpty()) {
            page.append("<li><code>").append(escape(frame.toString())).append("</code>\n");
            return;
        }
        page.append(open ? "<li><details open><summary><code>" : "<li><details><summary><code>")
                .append(escape(frame.toString()))
                .append("</code></summary><pre>");
        int number = excerpt.get().first();
        for (String line : excerpt.get().lines()) {
            boolean failed = number == excerpt.get().failed();
            page.append(failed ? "<b>" : "")
                    .append("<i>%5d  </i>".formatted(number))
                    .append(escape(line))
                    .append(failed ? "</b>" : "\n");
            number++;
        }
        page.append("</pre></details>\n");
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
