package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The words of documents, sources and tests: plain English, without the turns of old books.
class WordsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern READ = Pattern.compile("(?!.*/(target|\\.git)/).*(\\.(md|java|py)|/verify|/loomgate)");
    // In two halves each, so that this file doesn't find itself. A name of a file, as in a link, isn't looked at.
    private static final Pattern ARCHAIC = Pattern.compile("(?i)(?<![\\w/-])(an" + "ew|who" + "ever|whom" + "ever|le"
            + "st|there" + "by|be h" + "ad|but f" + "or|by t" + "urns|further a" + "do|for e" + "ver)(?![\\w-])");

    @Test
    void noDocumentOrSourceIsWrittenInArchaicWords() throws IOException {
        assertThat(files()).hasSizeGreaterThan(500).allSatisfy(file -> assertThat(archaic(file))
                .as("archaic words of %s", file)
                .isEmpty());
    }

    @Test
    void archaicWordsAreFound() {
        assertThat(ARCHAIC.matcher("It is loaded an" + "ew.").find()).isTrue();
        assertThat(ARCHAIC.matcher("for every newest renewal").find()).isFalse();
    }

    private static List<String> archaic(Path file) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> ARCHAIC.matcher(line).find())
                .toList();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(
                            file -> READ.matcher("/" + ROOT.relativize(file)).matches())
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }
}
