package dev.loomgate.gateway.specification;

import java.util.ArrayList;
import java.util.List;

/// Writes the specification for reading, in Markdown, from the values that `Lint` checks.
final class Specification {
    private static final int WIDTH = 120;
    private static final String HEAD = """
            # The gateway interface: specification

            This is the contract between a *container* (a server, a test client) and an *application*: what
            `application(environ, startResponse)` takes, returns and may rely on. It is [PEP 3333](https://peps.python.org/pep-3333/)
            in Java, with what twenty years of WSGI taught: an input that ends, a body that is closed on every path, and
            hooks for start and stop.

            **MUST**, **MUST NOT** and **MAY** are those of BCP 14 (RFC 2119, RFC 8174). Each clause that binds somebody
            is checked by `Lint`, a middleware, while a program runs:

            ```java
            Application checked = new Lint().wrap(application);
            ```

            A violation is a `LintException` that names the clause and the offending value. The name in small capitals
            behind a clause is its name in the code, `Clause.CLOSED_ONCE` for instance. The tests break every clause, and use every
            permission.

            *This file is written by the build from `dev.loomgate.gateway.specification`: change it there.*
            """;

    private Specification() {}

    static String markdown() {
        List<String> paragraphs = new ArrayList<>();
        paragraphs.add(HEAD.strip());
        for (Section section : Section.values()) {
            paragraphs.add("## " + section.number() + ". " + section.title());
            for (String paragraph : section.introduction().split("\n\n", -1)) {
                paragraphs.add(wrap(paragraph.replace('\n', ' ')));
            }
            int number = 0;
            for (Clause clause : Clause.of(section)) {
                number++;
                paragraphs.add(wrap(
                        "**" + clause.number() + "** " + emphasized(clause.sentence()) + " <sub>" + clause + "</sub>"));
            }
            for (Permission permission : Permission.of(section)) {
                number++;
                paragraphs.add(
                        wrap("**" + section.number() + "." + number + "** " + emphasized(permission.sentence())));
            }
        }
        return String.join("\n\n", paragraphs) + "\n";
    }

    private static String emphasized(String sentence) {
        return sentence.replaceAll("\\b(MUST NOT|MUST|MAY)\\b", "**$1**");
    }

    private static String wrap(String paragraph) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : paragraph.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                lines.append('\n');
                column = 0;
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }
}
