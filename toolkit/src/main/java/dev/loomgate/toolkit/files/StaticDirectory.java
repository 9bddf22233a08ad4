package dev.loomgate.toolkit.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
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
        if (isWithoutLinks(path.getParent())) {
            BasicFileAttributes attributes = lookAt(path);
            if (attributes == null) {
                return Optional.empty();
            }
            if (!attributes.isSymbolicLink()) {
                return Optional.ofNullable(file(name, path, attributes));
            }
        }
        StaticFile.OnDisk file = file(path, name);
        return file != null && maySend(file.path()) ? Optional.of(file) : Optional.empty();
    }

    /// Whether no directory from the root on is a link: what is in it is then below the root, and has its
    /// real path, which costs a system call for each part of it to be found out.
    private boolean isWithoutLinks(@Nullable Path directory) {
        if (directory == null || !directory.startsWith(root)) {
            return false;
        }
        Path at = directory;
        while (at != null && !at.equals(root)) {
            BasicFileAttributes attributes = lookAt(at);
            if (attributes == null || !attributes.isDirectory()) {
                return false;
            }
            at = at.getParent();
        }
        return true;
    }

    /// Looks at what is there, be it a link; null if there is nothing. Without an exception, since most files
    /// have no compressed siblings.
    private static @Nullable BasicFileAttributes lookAt(Path path) {
        try {
            return path.getFileSystem()
                    .provider()
                    .readAttributesIfExists(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null; // a name that is too long, or below something that is no directory
        }
    }

    private boolean maySend(Path real) {
        return followingLinks || real.startsWith(root) || safe.stream().anyMatch(real::startsWith);
    }

    /// The file at a path; null if there is none that can be read.
    static StaticFile.@Nullable OnDisk file(Path path, String name) {
        try {
            // What is sent is the file that was looked at, also when somebody puts a link in its place meanwhile.
            Path real = path.toRealPath();
            return file(name, real, Files.readAttributes(real, BasicFileAttributes.class));
        } catch (IOException e) {
            // Not there, gone just now, a name that is too long, or below something that is no directory.
            return null;
        }
    }

    private static StaticFile.@Nullable OnDisk file(String name, Path real, BasicFileAttributes attributes) {
        return attributes.isRegularFile() && Files.isReadable(real)
                ? new StaticFile.OnDisk(
                        name, real, attributes.lastModifiedTime().toInstant(), attributes.size())
                : null;
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
