package dev.loomgate.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The classes under test where every user may read them. Those that Maven has may be in root's home.
record Installation(String classPath) {
    /// Copies them.
    static Installation in(Path directory) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : LoomgateProcess.classPath().split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            Path to = directory.resolve(entries.size() + "-" + from.getFileName());
            copy(from, to);
            entries.add(to.toString());
        }
        openTo(directory);
        return new Installation(String.join(File.pathSeparator, entries));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                Files.copy(each, target);
                openTo(target);
            }
        }
    }

    /// Lets every user read a file, or enter a directory.
    static void openTo(Path path) throws IOException {
        Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
