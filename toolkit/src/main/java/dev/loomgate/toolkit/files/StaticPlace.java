package dev.loomgate.toolkit.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A directory or a single file that need not be there yet. Once a directory was found, it stays the one that it was
/// then, also where its name is a link that is changed later.
final class StaticPlace implements StaticSource {
    private final Path path;
    private final boolean followingLinks;
    private final List<Path> safe;
    private volatile @Nullable StaticDirectory directory;

    StaticPlace(Path path, boolean followingLinks, List<Path> safe) {
        this.path = path;
        this.followingLinks = followingLinks;
        this.safe = List.copyOf(safe);
        directory();
    }

    private @Nullable StaticDirectory directory() {
        StaticDirectory found = directory;
        if (found == null && Files.isDirectory(path)) {
            try {
                found = new StaticDirectory(path.toRealPath(), followingLinks, safe);
                directory = found;
            } catch (IOException e) {
                return null; // gone just now
            }
        }
        return found;
    }

    @Override
    public Optional<StaticFile> itself() throws IOException {
        return directory() == null
                ? Optional.ofNullable(StaticDirectory.file(path, String.valueOf(path.getFileName())))
                : Optional.empty();
    }

    @Override
    public Optional<StaticFile> find(String name) throws IOException {
        StaticDirectory found = directory();
        return found == null ? Optional.empty() : found.find(name);
    }

    @Override
    public Optional<StaticFile> sibling(StaticFile file, String suffix) {
        StaticDirectory found = directory();
        return found == null ? Optional.empty() : found.sibling(file, suffix);
    }

    @Override
    public StaticSource followLinks() {
        return new StaticPlace(path, true, safe);
    }

    @Override
    public StaticSource safe(List<Path> directories) {
        return new StaticPlace(path, followingLinks, directories);
    }
}
