package dev.loomgate.cli.application;

import dev.loomgate.cli.files.Reasons;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where an application's classes are, as `java --class-path` has it: directories, JAR files, and `directory/*`
/// for all JAR files of a directory.
///
/// @param entries existing directories and files
record ApplicationClassPath(List<Path> entries) {

    /// @param texts one or more entries each, with `:` in between
    static ApplicationClassPath of(List<String> texts) throws NoApplication {
        List<Path> entries = new ArrayList<>();
        for (String text : texts) {
            for (String entry : text.split(File.pathSeparator, -1)) {
                add(entries, entry);
            }
        }
        return new ApplicationClassPath(List.copyOf(entries));
    }

    private static void add(List<Path> entries, String entry) throws NoApplication {
        if (entry.equals("*") || entry.endsWith("/*")) {
            Path directory = Path.of(entry.substring(0, entry.length() - 1));
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(entries::add);
            } catch (IOException | UncheckedIOException e) {
                throw new NoApplication("--classpath " + entry + ": can't list the directory: " + Reasons.of(e));
            }
            return;
        }
        Path path = Path.of(entry);
        if (!Files.isReadable(path)) {
            throw new NoApplication("--classpath " + entry + ": "
                    + (Files.exists(path) ? "not readable" : "no such file or directory"));
        }
        entries.add(path);
    }

    /// A loader of its classes that asks the server's own loader first. It lives as long as the program.
    ClassLoader loader() {
        ClassLoader server = ApplicationClassPath.class.getClassLoader();
        if (entries.isEmpty()) {
            return server;
        }
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = entries.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e); // a file's URL is one
            }
        }
        return new URLClassLoader("application", urls, server);
    }

    /// For the compiler: these entries, then the server's own.
    String withTheServers() {
        String own = System.getProperty("java.class.path", "");
        return Stream.concat(entries.stream().map(Path::toString), Stream.of(own))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
