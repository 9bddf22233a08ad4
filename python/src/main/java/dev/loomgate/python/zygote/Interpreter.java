package dev.loomgate.python.zygote;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonSetupException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds the Python interpreter that runs a program: the one that is named, or a virtual environment's. Looks at the
/// disk each time, since what a name stands for may have changed before a reload.
final class Interpreter {
    private static final String NAMES = "python3.[0-9]*";

    private Interpreter() {}

    /// A path, or a name to be found on PATH.
    ///
    /// @throws PythonSetupException if the virtual environment has none; the message says what is there
    static String of(PythonOptions options) throws PythonSetupException {
        Path home = options.home();
        return home == null
                ? options.interpreter()
                : ofHome(absolute(options, home), options.nameOf("home")).toString();
    }

    /// A path of the options', which may be relative to the program's directory.
    static Path absolute(PythonOptions options, Path path) {
        Path directory = options.directory();
        return (directory == null ? path : directory.resolve(path)).toAbsolutePath();
    }

    // `python` and `python3` are links in a virtual environment; an installation has perhaps the last one only.
    private static Path ofHome(Path home, String setting) throws PythonSetupException {
        Path bin = home.resolve("bin");
        List<Path> candidates = new ArrayList<>(List.of(bin.resolve("python"), bin.resolve("python3")));
        candidates.addAll(versions(bin));
        for (Path candidate : candidates) {
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        for (Path candidate : candidates) {
            if (Files.isSymbolicLink(candidate) && !Files.exists(candidate)) {
                throw new PythonSetupException(
                        "%s has no Python (%s): %s is a link to %s, which isn't there any more; make the environment again"
                                .formatted(home, setting, candidate, target(candidate)));
            }
        }
        throw new PythonSetupException(
                Files.isDirectory(home)
                        ? home + " has no Python (" + setting
                                + "): neither bin/python, nor bin/python3, nor a bin/python3.x"
                        : "there is no directory " + home.normalize() + " (" + setting + ")");
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "something";
        }
    }

    // The newest first, and none of python3.11-config's kind.
    private static List<Path> versions(Path bin) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(bin, NAMES)) {
            for (Path file : files) {
                if (minor(file) >= 0) {
                    found.add(file);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        found.sort(Comparator.comparingInt(Interpreter::minor).reversed());
        return found;
    }

    private static int minor(Path file) {
        String text = String.valueOf(file.getFileName()).substring("python3.".length());
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    }
}
