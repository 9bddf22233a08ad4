package dev.loomgate.toolkit.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Files below a directory.
///
/// @param root without links in it
/// @param followingLinks whether a link may lead out of it
/// @param safe directories that a link may lead into all the same
record StaticDirectory(Path root, boolean followingLinks, List<Path> safe) implements StaticSource {
    static StaticDirectory of(Path directory) {
        try {
            Path root = directory.toRealPath();
            if (Files.isDirectory(root)) {
                return new StaticDirectory(root, false, List.of());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("StaticFiles: there is no directory " + directory, e);
        }
        throw new IllegalArgumentException("StaticFiles: not a directory: " + directory);
    }

    @Override
    public Optional<StaticFile> find(String name) {
        Path path;
        try {
            path = root.resolve(name);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return find(path, String.valueOf(path.getFileName()));
    }

    private Optional<StaticFile> find(Path path, String name) {
        StaticFile.OnDisk file = file(path, name);
        return file != null && maySend(file.path()) ? Optional.of(file) : Optional.empty();
    }

    private boolean maySend(Path real) {
        return followingLinks || real.startsWith(root) || safe.stream().anyMatch(real::startsWith);
    }

    /// The file at a path; null if there is none that can be read.
    static StaticFile.@Nullable OnDisk file(Path path, String name) {
        try {
            // What is sent is the file that was looked at, also when somebody puts a link in its place meanwhile.
            Path real = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return attributes.isRegularFile() && Files.isReadable(real)
                    ? new StaticFile.OnDisk(
                            name, real, attributes.lastModifiedTime().toInstant(), attributes.size())
                    : null;
        } catch (IOException e) {
            // Not there, gone just now, a name that is too long, or below something that is no directory.
            return null;
        }
    }

    @Override
    public Optional<StaticFile> sibling(StaticFile file, String suffix) {
        return file instanceof StaticFile.OnDisk onDisk
                ? find(onDisk.path().resolveSibling(onDisk.path().getFileName() + suffix), file.name())
                        .filter(sibling -> !sibling.modified().isBefore(file.modified()))
                : Optional.empty();
    }

    @Override
    public StaticSource safe(List<Path> directories) {
        return new StaticDirectory(root, followingLinks, List.copyOf(directories));
    }

    @Override
    public StaticSource followLinks() {
        return new StaticDirectory(root, true, safe);
    }
}
