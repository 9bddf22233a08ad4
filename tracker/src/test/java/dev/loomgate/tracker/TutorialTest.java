package dev.loomgate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The code in README.md is the program's.
@Tag("once")
class TutorialTest {
    private static final Pattern CODE = Pattern.compile("```(?:java|html)\n(.*?)```", Pattern.DOTALL);

    @Test
    void eachPieceOfCodeIsInTheSources() throws IOException {
        List<String> pieces = CODE.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(piece -> piece.group(1))
                .toList();

        assertThat(pieces).hasSizeGreaterThan(8);
        List<String> sources = sources();
        assertThat(pieces).allSatisfy(piece -> assertThat(sources).anyMatch(source -> source.contains(piece)));
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }
}
