package dev.loomgate.testkit.peers;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The test kit's own programs: `article.py`, the article's final program unchanged, and others, most of them in
/// Python.
public final class Programs {
    private static final String FOLDER = "/dev/loomgate/testkit/programs/";

    private Programs() {}

    /// A program's text.
    ///
    /// @param name such as `article.py`
    /// @throws FileNotFoundException if there is no such program
    public static String text(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /// Writes a program to a file.
    ///
    /// @param name such as `article.py`
    /// @return the file
    public static Path copy(String name, Path file) throws IOException {
        return Files.write(file, bytes(name));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream source = Programs.class.getResourceAsStream(FOLDER + name)) {
            if (source == null) {
                throw new FileNotFoundException("no program " + name + " in " + FOLDER);
            }
            return source.readAllBytes();
        }
    }
}
