package dev.loomgate.toolkit.debug;

import static dev.loomgate.toolkit.Html.escape;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the pages for developers have in common: head and style, exceptions with the lines of source.
record PageParts(SourceFiles sources) {
    private static final List<String> OF_OTHERS = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "dev.loomgate.cli.",
            "dev.loomgate.gateway.",
            "dev.loomgate.loop.",
            "dev.loomgate.server.",
            "dev.loomgate.toolkit.",
            "dev.loomgate.python.",
            "io.netty.");

    private static final String STYLE = """
        :root { background: Canvas; color-scheme: light dark; --line: #8884; --mark: #e5484d33; --soft: #8881;
                --red: #c62a2f; --faint: #595959 }
        @media (prefers-color-scheme: dark) { :root { --red: #ff9592; --faint: #b4b4b4 } }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1.5rem }
        h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere }
        h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line) }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere }
        .type { color: var(--red); font-family: ui-monospace, monospace; overflow-wrap: anywhere }
        pre, code, td { font: 13px/1.45 ui-monospace, monospace }
        pre { background: var(--soft); margin: .25rem 0 .75rem; overflow-wrap: anywhere; padding: .5rem .75rem;
              white-space: pre-wrap }
        pre.message { border-left: 4px solid var(--red) }
        pre b { background: var(--mark); display: block; font-weight: inherit }
        pre i { color: var(--faint); font-style: normal; user-select: none }
        ol { list-style: none; padding: 0 } summary { cursor: pointer } summary code { overflow-wrap: anywhere }
        table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600 }
        td, th { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: .2rem .75rem .2rem 0;
                 vertical-align: top } td:first-child { white-space: nowrap }
        textarea { background: var(--soft); border: 1px solid var(--line); box-sizing: border-box; color: inherit;
                   font: 13px/1.45 ui-monospace, monospace; padding: .5rem .75rem; width: 100% }
        footer { color: var(--faint); margin-top: 2rem }
        """;

    /// The head, and the beginning of the header: the exception's type and what it comes down to.
    static void begin(Failure.Link first, StringBuilder page) {
        String name = first.type().substring(first.type().lastIndexOf('.') + 1);
        begin(name + ": " + first.summary(), first.type(), first.summary().isEmpty() ? name : first.summary(), page);
    }

    /// The same.
    ///
    /// @param title of the browser's window
    /// @param kind what has happened, small above the heading
    static void begin(String title, String kind, String heading, StringBuilder page) {
        page.append("<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n")
                .append("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n<header><div class=type>")
                .append(escape(kind))
                .append("</div>\n<h1>")
                .append(escape(heading))
                .append("</h1>\n");
    }

    /// All of it as text to be copied: a field, in which "select all" selects just that.
    static void appendText(String text, StringBuilder page) {
        page.append("<details><summary>As text, to be copied</summary>\n")
                .append("<textarea readonly rows=16 aria-label=\"As text\" spellcheck=false>\n")
                .append(escape(text))
                .append("</textarea></details>\n");
    }

    /// The exceptions, the first one first.
    void appendLinks(Failure failure, StringBuilder page) {
        failure.links().forEach(link -> appendLink(link, page));
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
                .append("</code></summary>");
        appendLines(excerpt.get(), page);
        page.append("</details>\n");
    }

    /// Some lines of a file, with their numbers; the one that it is about is marked.
    static void appendLines(SourceFiles.Excerpt excerpt, StringBuilder page) {
        page.append("<pre>");
        int number = excerpt.first();
        for (String line : excerpt.lines()) {
            boolean failed = number == excerpt.failed();
            page.append(failed ? "<b>" : "")
                    .append("<i>%5d  </i>".formatted(number))
                    .append(escape(line))
                    .append(failed ? "</b>" : "\n");
            number++;
        }
        page.append("</pre>");
    }
}
