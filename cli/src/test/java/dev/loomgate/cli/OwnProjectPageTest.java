package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The page about a project of one's own shows the files of the project that `./verify` builds and runs.
@Tag("once")
class OwnProjectPageTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PROJECT = ROOT.resolve("packaging/project");
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+)`:\n\n```\\w+\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void thePageHasEachFileOfTheProjectAsItIs() throws IOException {
        Map<String, String> shown = FILE.matcher(Files.readString(ROOT.resolve("docs/your-own-project.md")))
                .results()
                .collect(Collectors.toMap(file -> file.group(1), file -> file.group(2)));

        try (Stream<Path> files = Files.walk(PROJECT)) {
            Map<String, String> there = files.filter(Files::isRegularFile)
                    .filter(file -> !PROJECT.relativize(file).startsWith("target"))
                    .collect(Collectors.toMap(file -> PROJECT.relativize(file).toString(), OwnProjectPageTest::read));
            assertThat(shown).isEqualTo(there);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
