package dev.loomgate.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class CorpusTest {
    @TempDir
    Path directory;

    @Test
    void everyInputIsALineAndComesBack() {
        for (int first = 0; first < 256; first++) {
            for (int last : new int[] {0, ' ', '\\', '#', 'x', '\n', 0xff}) {
                byte[] input = {(byte) first, 'a', ' ', (byte) last};
                String line = Corpus.format(input);
                assertThat(line).matches("[ -~]*[!-~]").doesNotStartWith("#");
                assertThat(Corpus.parse(line)).isEqualTo(input);
            }
        }
    }

    @Test
    void anUnknownEscapeIsNamed() {
        assertThatThrownBy(() -> Corpus.parse("a\\q")).hasMessage("no escape: \\q in a\\q");
    }

    @Test
    void replacingKeepsTheCommentsAndTheShortestInputs() throws IOException {
        Path file = Files.writeString(directory.resolve("A.txt"), "# what it is\nold\n");
        Corpus corpus = new Corpus(file);
        byte[] large = new byte[Corpus.MAX_FILE_BYTES];
        corpus.replace(List.of(large, bytes("longer"), bytes("a"), bytes("a")));
        assertThat(file).hasContent("# what it is\na\nlonger\n");
        assertThat(corpus.inputs()).containsExactly(bytes("a"), bytes("longer"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
