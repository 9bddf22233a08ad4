package dev.loomgate.cli.application;

import dev.loomgate.cli.files.Reasons;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where an application's classes are, as `java --class-path` has it: directories, JAR files, and `directory/*`
/// for all JAR files of a directory.
///
/// @param entries existing directories and files
record ApplicationClassPath(List<Path> entries) {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

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

    /// A loader of its classes that asks the server's own loader first; another one each time, or the server's own if
    /// there is nothing in it. It has no name, which stack traces would show before each class. One that is
    /// thrown away is to be closed ([#close]).
    ClassLoader loader() {
        return loaderBelow(serverLoader());
    }

    /// The loader of the server's own classes.
    static ClassLoader serverLoader() {
        return ApplicationClassPath.class.getClassLoader();
    }

    /// The same that asks `parent` first, and is that itself if there is nothing in it.
    ClassLoader loaderBelow(ClassLoader parent) {
        if (entries.isEmpty()) {
            return parent;
        }
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = entries.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e); // a file's URL is one
            }
        }
        return new URLClassLoader(urls, parent);
    }

    /// Closes the files of such a loader, or of one whose parent it is. What it has loaded goes on.
    static void close(@Nullable ClassLoader loader) {
        for (ClassLoader each = loader; each instanceof SourceClassLoader || each instanceof URLClassLoader; ) {
            if (each instanceof URLClassLoader files) {
                try {
                    files.close();
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "the application''s class path: {0}", e.getMessage());
                }
                return;
            }
            each = each.getParent();
        }
    }

    /// For the compiler: these entries, then the server's own.
    String withTheServers() {
        String own = System.getProperty("java.class.path", "");
        return Stream.concat(entries.stream().map(Path::toString), Stream.of(own))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
