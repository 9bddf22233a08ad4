package dev.loomgate.toolkit.debug;

import static dev.loomgate.toolkit.Html.escape;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.syntax.JsonText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why an application's next version can't be made or started, for its developer.
///
/// @param application what it is called: a name, or a word and the path of a source file
/// @param message one line, or the compiler's lines after one
/// @param thrown by the application's own code; or null
record FailedVersion(
        String application, String message, @Nullable Throwable thrown) {
    private static final int MAX_PLACES = 20;

    /// As javac has it.
    private static final Pattern PLACE =
            Pattern.compile("(?m)^(?<file>.+\\.java):(?<line>[0-9]{1,7}): error: (?<text>.*)$");

    DevelopersAnswer answer(Environ environ) {
        return DevelopersAnswer.of(environ, this::html, this::problem, this::text);
    }

    private String html() {
        String summary = message.lines().findFirst().orElse("");
        StringBuilder page = new StringBuilder(16 << 10);
        PageParts.begin(summary, "The next version of " + application + " isn't served", summary, page);
        page.append("</header>\n<main>\n");
        Matcher place = PLACE.matcher(message);
        for (int i = 0; i < MAX_PLACES && place.find(); i++) {
            page.append("<section>\n<h3>")
                    .append(escape(place.group("text")))
                    .append("</h3>\n<code>")
                    .append(escape(place.group("file") + ":" + place.group("line")))
                    .append("</code>\n");
            lines(place.group("file"), Integer.parseInt(place.group("line")))
                    .ifPresent(excerpt -> PageParts.appendLines(excerpt, page));
            page.append("</section>\n");
        }
        if (message.indexOf('\n') >= 0) {
            page.append("<pre class=message>").append(escape(message)).append("</pre>\n");
        }
        if (thrown != null) {
            new PageParts(SourceFiles.below(Path.of("")).withFiles(file())).appendLinks(Failure.of(thrown), page);
        }
        PageParts.appendText(text(), page);
        return page.append(
                        "</main>\n<footer>Shown to this machine only, until the next version can be served; others are")
                .append(" answered by the version before. The log has it, too.</footer>\n")
                .toString();
    }

    private static Optional<SourceFiles.Excerpt> lines(String file, int line) {
        try {
            return SourceFiles.read(Path.of(file), line);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    // A single source file is what the application is called by.
    private List<Path> file() {
        String name = application.substring(application.indexOf(' ') + 1);
        return name.endsWith(".java") ? List.of(Path.of(name)) : List.of();
    }

    private String text() {
        return message + "\n" + (thrown == null ? "" : "\n" + Failure.of(thrown).text());
    }

    private String problem() {
        return "{\"type\":\"about:blank\",\"title\":%s,\"status\":500,\"detail\":%s}"
                .formatted(
                        JsonText.quote("The next version of " + application + " isn't served"), JsonText.quote(text()));
    }
}
