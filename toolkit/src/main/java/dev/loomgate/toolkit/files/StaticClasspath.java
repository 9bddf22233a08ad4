package dev.loomgate.toolkit.files;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Files of the class path. Those in a JAR file are kept in memory once they were asked for: they don't change.
/// Those in a directory, as while one develops, are on disk.
///
/// @param folder ends with a slash
/// @param kept what was read so far, by the resource's name
record StaticClasspath(Class<?> anchor, String folder, Map<String, StaticFile> kept) implements StaticSource {
    static StaticClasspath of(Class<?> anchor, String folder) {
        String trimmed = folder.replaceAll("^/+|/+$", "");
        if (trimmed.isEmpty()) {
            throw new IllegalArgumentException(
                    "StaticFiles: the folder \"%s\" is the class path's root, where the classes are"
                            .formatted(Quoting.printable(folder)));
        }
        return new StaticClasspath(anchor, trimmed + "/", new ConcurrentHashMap<>());
    }

    @Override
    public Optional<StaticFile> find(String name) throws IOException {
        return load(folder + name, name.substring(name.lastIndexOf('/') + 1));
    }

    @Override
    public Optional<StaticFile> sibling(StaticFile file, String suffix) throws IOException {
        return switch (file) {
            case StaticFile.OnDisk onDisk -> {
                Path path = onDisk.path();
                Path beside = path.resolveSibling(path.getFileName() + suffix);
                yield Optional.ofNullable(onDisk(beside, file.name()))
                        .filter(sibling -> !sibling.modified().isBefore(file.modified()));
            }
            case StaticFile.InMemory inMemory -> load(inMemory.resource() + suffix, file.name());
        };
    }

    private Optional<StaticFile> load(String resource, String name) throws IOException {
        StaticFile before = kept.get(resource);
        if (before != null) {
            return Optional.of(before);
        }
        URL url = anchor.getResource("/" + resource);
        if (url == null) {
            return Optional.empty();
        }
        if (url.getProtocol().equals("file")) {
            return Optional.ofNullable(onDisk(path(url), name));
        }
        StaticFile file = read(url, resource, name);
        if (file != null) {
            kept.put(resource, file);
        }
        return Optional.ofNullable(file);
    }

    private static Path path(URL url) throws IOException {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IOException("no file of the class path: " + url, e);
        }
    }

    private static @Nullable StaticFile onDisk(Path path, String name) throws IOException {
        return Files.isRegularFile(path)
                ? new StaticFile.OnDisk(
                        name, path, Files.getLastModifiedTime(path).toInstant(), Files.size(path))
                : null;
    }

    private static @Nullable StaticFile read(URL url, String resource, String name) throws IOException {
        URLConnection connection = url.openConnection();
        // Else the JAR file stays open, and its entries' times are those of the first reading.
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar && jar.getJarEntry().isDirectory()) {
            jar.getJarFile().close();
            return null;
        }
        try (InputStream input = connection.getInputStream()) {
            byte[] content = input.readAllBytes();
            long modified = connection instanceof JarURLConnection jar
                    ? jar.getJarEntry().getTime()
                    : connection.getLastModified();
            Instant time = Instant.ofEpochMilli(Math.max(0, modified));
            String tag =
                    Response.bytes(content, "").addEtag().etag().orElseThrow().value();
            return new StaticFile.InMemory(name, resource, content, time, tag);
        }
    }

    @Override
    public StaticSource safe(List<Path> directories) {
        return this;
    }

    @Override
    public StaticSource followLinks() {
        return this;
    }
}
