package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The documents of the repository.
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(#[^)]*)?\\)");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        assertThat(documents()).isNotEmpty().allSatisfy(document -> assertThat(links(document))
                .allSatisfy(link -> assertThat(document.resolveSibling(link))
                        .as("link in %s", document)
                        .exists()));
    }

    @Test
    void everyDecisionIsInTheIndex() throws IOException {
        Path decisions = ROOT.resolve("docs/decisions");
        try (Stream<Path> files = Files.list(decisions)) {
            assertThat(links(decisions.resolve("README.md")))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.equals("README.md"))
                                    .toList());
        }
    }

    @Test
    void everyPageIsInTheIndexOnce() throws IOException {
        Path pages = ROOT.resolve("docs");
        try (Stream<Path> files = Files.list(pages)) {
            assertThat(links(pages.resolve("README.md")).stream().filter(link -> !link.contains("/")))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                                    .toList());
        }
    }

    private static List<String> links(Path document) throws IOException {
        return LINK.matcher(Files.readString(document))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?(target|\\.git)/.*"))
                    .toList();
        }
    }
}
