package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The entries, in memory, and their pictures in a directory. Used by all loops at once.
final class Entries {
    private static final Map<String, String> ENDINGS =
            Map.of("image/png", ".png", "image/jpeg", ".jpg", "image/gif", ".gif");

    private final Path directory;
    private final List<Entry> entries = new ArrayList<>();

    /// @param directory where pictures are kept
    Entries(Path directory) {
        this.directory = directory;
    }

    /// @throws UnsupportedMediaType if the picture is of a type that isn't shown here
    void add(String author, String text, Optional<UploadedFile> picture) throws IOException {
        Optional<Path> kept = picture.isPresent() ? Optional.of(keep(picture.get())) : Optional.empty();
        synchronized (entries) {
            entries.add(new Entry(entries.size() + 1L, author, text, kept));
        }
    }

    // A name of our own: the client's may be anything.
    private Path keep(UploadedFile picture) throws IOException {
        String ending = ENDINGS.get(picture.mimetype());
        if (ending == null) {
            throw new UnsupportedMediaType("A picture is a PNG, a JPEG or a GIF.");
        }
        Path path = directory.resolve(UUID.randomUUID() + ending);
        picture.saveTo(path);
        return path;
    }

    Optional<Entry> find(long id) {
        synchronized (entries) {
            return id >= 1 && id <= entries.size() ? Optional.of(entries.get((int) id - 1)) : Optional.empty();
        }
    }

    /// All of them, the last one first.
    List<Entry> all() {
        synchronized (entries) {
            return List.copyOf(entries.reversed());
        }
    }
}
