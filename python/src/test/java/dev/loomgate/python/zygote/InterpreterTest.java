package dev.loomgate.python.zygote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpreterTest {
    @TempDir
    private Path directory;

    private Path bin;

    @BeforeEach
    void anEnvironment() throws IOException {
        bin = Files.createDirectories(directory.resolve("venv/bin"));
    }

    private void has(String... names) throws IOException {
        for (String name : names) {
            Path file = Files.createFile(bin.resolve(name));
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }

    private String found() throws PythonStartException {
        Path found = Path.of(Interpreter.of(PythonOptions.module("m")
                .directory(directory)
                .home(Path.of("venv"))
                .build()));
        assertThat(found.getParent()).isEqualTo(bin);
        return String.valueOf(found.getFileName());
    }

    @Test
    void withoutAnEnvironmentItIsTheOneThatIsNamed() throws Exception {
        assertThat(Interpreter.of(PythonOptions.module("m").interpreter("pypy").build()))
                .isEqualTo("pypy");
    }

    @Test
    void theShortestNameGoesFirst() throws Exception {
        has("python3.9", "python3", "python");
        assertThat(found()).isEqualTo("python");
    }

    @Test
    void python3WillDo() throws Exception {
        has("python3.9", "python3");
        assertThat(found()).isEqualTo("python3");
    }

    @Test
    void theNewestVersionWillDoAndNoToolOfItsName() throws Exception {
        has("python3.9", "python3.11-config", "python3.10");
        assertThat(found()).isEqualTo("python3.10");
    }

    @Test
    void aLinkThatLeadsNowhereIsPassedOverForOneThatDoes() throws Exception {
        Files.createSymbolicLink(bin.resolve("python"), Path.of("/no/such/python3.8"));
        has("python3.11");
        assertThat(found()).isEqualTo("python3.11");
    }

    @Test
    void onlyALinkThatLeadsNowhereIsSaid() throws Exception {
        Files.createSymbolicLink(bin.resolve("python3"), Path.of("/no/such/python3.8"));
        assertThatThrownBy(this::found)
                .isInstanceOf(PythonStartException.class)
                .hasMessage(
                        "%s has no Python (home): %s/python3 is a link to /no/such/python3.8, which isn't there any more;"
                                        .formatted(directory.resolve("venv"), bin)
                                + " make the environment again");
    }

    @Test
    void nothingThereIsSaid() throws Exception {
        assertThatThrownBy(this::found).hasMessageContaining("has no Python (home): neither bin/python, nor");
        Files.delete(bin);
        Files.delete(directory.resolve("venv"));
        assertThatThrownBy(this::found).hasMessage("there is no directory " + directory.resolve("venv") + " (home)");
    }

    @Test
    void aMissingEnvironmentIsNamedWithoutDots() {
        PythonOptions options = PythonOptions.module("m")
                .directory(directory)
                .home(Path.of("./nope"))
                .build();
        assertThatThrownBy(() -> Interpreter.of(options))
                .hasMessage("there is no directory " + directory.resolve("nope") + " (home)");
    }
}
