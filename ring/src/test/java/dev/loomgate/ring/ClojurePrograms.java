package dev.loomgate.ring;

import dev.loomgate.gateway.kind.Program;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tests' Clojure programs, in a class loader of their own that has Clojure: ours hasn't, as in the launcher.
final class ClojurePrograms implements AutoCloseable {
    private static final Path NAMESPACES = Path.of("src/test/clojure");

    private final URLClassLoader loader;

    /// @param more of the class path, before Clojure
    ClojurePrograms(Path... more) {
        URL[] urls = Stream.of(
                        Stream.of(more),
                        Stream.of(NAMESPACES),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .map(Path::of)
                                .filter(ClojurePrograms::isClojures))
                .flatMap(paths -> paths)
                .map(ClojurePrograms::url)
                .toArray(URL[]::new);
        loader = new URLClassLoader(urls, new WithoutClojure(RingApplication.class.getClassLoader()));
    }

    private static boolean isClojures(Path path) {
        return path.getFileName().toString().matches("(clojure|spec\\.alpha|core\\.specs\\.alpha)-.*\\.jar");
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param scripts to be run before
    Program named(String name, String... scripts) {
        return new Program(name, loader, List.of(scripts), Map.of());
    }

    ClassLoader loader() {
        return loader;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    /// The tests' class path, where Clojure isn't to be seen.
    static final class WithoutClojure extends ClassLoader {
        WithoutClojure(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("clojure.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public @Nullable URL getResource(String name) {
            return name.startsWith("clojure/") ? null : super.getResource(name);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("clojure/") ? Collections.emptyEnumeration() : super.getResources(name);
        }
    }
}
