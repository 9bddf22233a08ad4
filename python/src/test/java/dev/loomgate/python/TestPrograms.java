package dev.loomgate.python;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The programs that tests run, on Debian's Python: it has greenlet.
public final class TestPrograms {
    private TestPrograms() {}

    /// `program.py`, which does what the path says; its notes go to the file `notes` in that directory.
    static PythonOptions.Builder program(Path directory) throws IOException {
        copy("program.py", directory);
        return options(directory, "program").environment(environment(directory));
    }

    /// Copies a resource of these tests into a directory, by its own name.
    ///
    /// @return the copy
    static Path copy(String resource, Path directory) throws IOException {
        Path copy = directory.resolve(Path.of(resource).getFileName());
        try (InputStream source = Objects.requireNonNull(TestPrograms.class.getResourceAsStream(resource), resource)) {
            Files.write(copy, source.readAllBytes());
        }
        return copy;
    }

    /// The environment that `program.py` needs; the workers' sockets lie in that directory, too.
    static Map<String, String> environment(Path directory) {
        return Map.of(
                "NOTES",
                directory.resolve("notes").toString(),
                "TMPDIR",
                directory.toString(),
                "PYTHONDONTWRITEBYTECODE",
                "1");
    }

    /// A program of this source text.
    static PythonOptions.Builder source(Path directory, String source) throws IOException {
        Files.writeString(directory.resolve("written.py"), source);
        return options(directory, "written").environment(environment(directory));
    }

    /// A module of that directory, whether it is there or not.
    static PythonOptions.Builder options(Path directory, String module) {
        return PythonOptions.module(module).interpreter(Python.DEBIAN).pythonPath(List.of(directory));
    }

    /// What the program has noted so far.
    static List<String> notes(Path directory) {
        try {
            Path notes = directory.resolve("notes");
            return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
