package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/from-the-article.md` shows the code that is there.
class FromTheArticleTest {
    private static final Path ROOT = Path.of("..");
    private static final Path SOURCES = Path.of("src/main/java/dev/loomgate/examples");
    private static final Pattern JAVA =
            Pattern.compile("\\[(\\w+\\.java)]\\(\\.\\./examples/[^)]+\\)\n\n```java\n(.*?\n)```\n", Pattern.DOTALL);
    private static final Pattern PYTHON = Pattern.compile("```python\n(.*?\n)```\n", Pattern.DOTALL);

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/from-the-article.md"));
    }

    private static Map<String, String> shown() throws IOException {
        Map<String, String> shown = new LinkedHashMap<>();
        Matcher matcher = JAVA.matcher(document());
        while (matcher.find()) {
            shown.put(matcher.group(1), matcher.group(2));
        }
        return shown;
    }

    @Test
    void javaCodeIsThatOfTheExamples() throws IOException {
        assertThat(shown().entrySet()).isNotEmpty().allSatisfy(block -> assertThat(
                        Files.readString(SOURCES.resolve(block.getKey())))
                .contains("\n///")
                .endsWith("\n" + block.getValue()));
    }

    @Test
    void everyExampleIsShown() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java") && !name.equals("package-info.java")))
                    .containsExactlyInAnyOrderElementsOf(shown().keySet());
        }
    }

    @Test
    void everyBlockOfJavaIsChecked() throws IOException {
        assertThat(document().split("```java\n", -1)).hasSize(shown().size() + 1);
    }

    /// The program that the server's tests run on uWSGI.
    @Test
    void wholePythonProgramIsTheReference() throws IOException {
        String reference = Programs.text("article.py");

        assertThat(PYTHON.matcher(document()).results().map(block -> block.group(1)))
                .last()
                .isEqualTo(reference);
    }

    @Test
    void wholeProgramIsNoLongerThanInPython() throws IOException {
        long python = codeLines(Programs.text("article.py"));
        long java = codeLines(Files.readString(SOURCES.resolve("ArticleApplication.java")));

        assertThat(java).isLessThanOrEqualTo(python).isGreaterThan(python / 2);
    }

    /// Without imports, comments and empty lines.
    private static long codeLines(String source) {
        return source.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.matches("(import|from|package) .*|#.*|//.*"))
                .count();
    }
}
