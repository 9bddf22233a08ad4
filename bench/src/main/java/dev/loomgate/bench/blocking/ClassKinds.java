package dev.loomgate.bench.blocking;

import dev.loomgate.gateway.Environ;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/// Kinds of the JVM's own: classes.
final class ClassKinds {
    private ClassKinds() {}

    static final class SleepsAtStart {
        static final long SLEPT = slept();

        private SleepsAtStart() {}

        private static long slept() {
            Waits.rest();
            return Kind.MILLIS;
        }
    }

    /// Initialises a copy, since a class is initialised once.
    static void initialiser(Place place, Environ environ) throws IOException, IllegalAccessException {
        try (InputStream in = ClassKinds.class.getResourceAsStream("ClassKinds$SleepsAtStart.class")) {
            if (in == null) {
                throw new IOException("no class file");
            }
            MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), true);
        }
    }

    /// Loads all classes of H2, again and again by another loader, for the time.
    static void load(Place place, Environ environ) throws Exception {
        Path jar = Path.of(Class.forName("org.h2.Driver")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> names;
        try (JarFile file = new JarFile(jar.toFile())) {
            names = file.stream()
                    .map(Object::toString)
                    .filter(name -> name.startsWith("org/h2/command") && name.endsWith(".class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
        long end = System.nanoTime() + Kind.MILLIS * 1_000_000;
        while (System.nanoTime() - end < 0) {
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
                for (String name : names) {
                    loader.loadClass(name);
                }
            }
        }
    }
}
