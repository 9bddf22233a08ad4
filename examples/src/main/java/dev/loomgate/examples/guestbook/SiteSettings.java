package dev.loomgate.examples.guestbook;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.settings.Secret;
import java.nio.file.Files;
import java.nio.file.Path;

/// What an operator says of a guest book that is kept.
///
/// @param pictures the directory where pictures are kept
/// @param password what guests log in with
/// @param key what sessions are signed with
record SiteSettings(Path pictures, Secret password, Secret key) {
    private static final int SHORTEST_KEY = 16;

    SiteSettings {
        if (!Files.isDirectory(pictures)) {
            throw new IllegalArgumentException("pictures is %s, which is no directory".formatted(pictures));
        }
        if (key.value().length() < SHORTEST_KEY) {
            throw new IllegalArgumentException("key is shorter than %d characters".formatted(SHORTEST_KEY));
        }
    }

    /// The guest book.
    Application site() {
        return GuestBook.of(pictures, password.value(), key.value());
    }
}
