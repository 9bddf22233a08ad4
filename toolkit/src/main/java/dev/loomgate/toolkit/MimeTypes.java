package dev.loomgate.toolkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Which types are text, and which type a file's name stands for.
public final class MimeTypes {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String BYTES = "application/octet-stream";

    private static final Set<String> WITH_CHARSET = Set.of(
            "application/ecmascript",
            "application/javascript",
            "application/sql",
            "application/xml",
            "application/xml-dtd",
            "application/xml-external-parsed-entity");

    private MimeTypes() {}

    /// The value of Content-Type for a type: text gets its charset named, UTF-8.
    public static String contentType(String mimetype) {
        boolean text = mimetype.startsWith("text/") || mimetype.endsWith("+xml") || WITH_CHARSET.contains(mimetype);
        return text ? mimetype + "; charset=utf-8" : mimetype;
    }

    /// The type that a file's name stands for, by what is after its last dot, in letters of any case;
    /// `application/octet-stream` for others. A name without a dot, or with one only at its beginning, stands for
    /// none.
    ///
    /// @param name may have directories before it
    public static String ofFile(String name) {
        int start = 1 + Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
        int dot = name.lastIndexOf('.');
        return dot <= start
                ? BYTES
                : Table.BY_ENDING.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), BYTES);
    }

    /// What `mime.types` has: read when it is first asked for.
    private static final class Table {
        private static final Map<String, String> BY_ENDING = read();

        private static Map<String, String> read() {
            Map<String, String> table = new HashMap<>();
            try (InputStream resource = MimeTypes.class.getResourceAsStream("mime.types")) {
                String text = new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.US_ASCII);
                text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                    String[] words = line.split(" ", -1);
                    for (int i = 1; i < words.length; i++) {
                        table.put(words[i], words[0]);
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.copyOf(table);
        }
    }
}
