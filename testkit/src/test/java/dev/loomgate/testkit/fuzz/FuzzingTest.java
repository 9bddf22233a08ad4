package dev.loomgate.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class FuzzingTest {
    @TempDir
    Path directory;

    private Corpus corpus(String... lines) throws IOException {
        return new Corpus(Files.writeString(directory.resolve("A.txt"), String.join("\n", lines)));
    }

    @Test
    void inputThatFailsIsNamed() throws IOException {
        FuzzTarget target = input -> {
            if (input.text().equals("bad\r")) {
                throw new IllegalStateException("not declared");
            }
            return input.text().equals("right");
        };
        Fuzzing.replay(target, corpus("00right", "00wrong"));
        assertThatThrownBy(() -> Fuzzing.replay(target, corpus("00right", "00bad\\r")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("does not hold for the input 00bad\\r")
                .hasRootCauseMessage("not declared");
    }

    @Test
    void corpusOfOneKindFails() {
        assertThatThrownBy(() -> Fuzzing.replay(_ -> true, corpus("00a", "00b")))
                .hasMessageContaining("2 of 2 inputs are right");
        assertThatThrownBy(() -> Fuzzing.replay(_ -> false, corpus("00a", "00b")))
                .hasMessageContaining("0 of 2 inputs are right");
    }

    @Test
    void missingCorpusFails() {
        assertThatThrownBy(() -> Fuzzing.replay(_ -> true, new Corpus(directory.resolve("none.txt"))))
                .isInstanceOf(IOException.class);
    }
}
