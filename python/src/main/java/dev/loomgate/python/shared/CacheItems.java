package dev.loomgate.python.shared;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.wire.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Puts into caches what they are to hold from the start on. As in uWSGI, what can't be stored is logged, and the
/// server starts nevertheless; it doesn't where a file can't be read.
public final class CacheItems {
    private static final System.Logger LOG = System.getLogger(CacheItems.class.getName());
    /// A reply has one frame; this much of it isn't the value.
    private static final int MOST_BYTES = FrameType.MAX_PAYLOAD_BYTES - 1024;

    private static final long MOST_FILE_BYTES = 64L << 20;

    private CacheItems() {}

    /// Puts them, in their order. Reads files.
    ///
    /// @throws IllegalArgumentException if a file can't be read
    public static void put(SharedCaches caches, List<SharedOptions.Item> items) {
        for (SharedOptions.Item item : items) {
            byte[] value;
            try {
                value = value(item.content());
            } catch (IOException e) {
                throw new IllegalArgumentException("%s: can't read %s: %s".formatted(item.setting(), item.key(), e), e);
            }
            put(caches, item, value);
        }
    }

    private static void put(SharedCaches caches, SharedOptions.Item item, byte[] value) {
        byte[] key = item.key().getBytes(StandardCharsets.UTF_8);
        for (ProgramCache cache : caches.meant(item.cache())) {
            String why = why(cache, key, value);
            if (!why.isEmpty()) {
                LOG.log(
                        Level.ERROR,
                        "{0}: \"{1}\" isn''t stored in the cache \"{2}\": {3}",
                        item.setting(),
                        item.key(),
                        cache.name(),
                        why);
            }
        }
    }

    /// Puts one. In a cache that servers share, it takes the place of what another one has put there.
    ///
    /// @return why it isn't stored; empty if it is
    private static String why(ProgramCache cache, byte[] key, byte[] value) {
        try {
            if (value.length <= MOST_BYTES && cache.set(key, value, Duration.ZERO, cache.waits())) {
                return "";
            }
            return cache.exists(key)
                    ? "the key is there already"
                    : "it has %,d bytes, with a key of %,d: none, too many, or the cache is full%s"
                            .formatted(value.length, key.length, cache.waits() ? ", or gone" : "");
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static byte[] value(SharedOptions.Content content) throws IOException {
        return switch (content) {
            case SharedOptions.Content.Text text -> text.text().getBytes(StandardCharsets.UTF_8);
            case SharedOptions.Content.InFile file -> {
                byte[] bytes = read(file.path());
                yield file.compressed() ? compressed(bytes) : bytes;
            }
        };
    }

    private static byte[] read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_FILE_BYTES) {
            throw new IOException("the file has %,d bytes, over %,d".formatted(size, MOST_FILE_BYTES));
        }
        return Files.readAllBytes(file);
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
