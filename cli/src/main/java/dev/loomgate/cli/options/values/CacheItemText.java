package dev.loomgate.cli.options.values;

import dev.loomgate.python.SharedOptions.Content;
import dev.loomgate.python.SharedOptions.Item;
import java.nio.file.Path;

/// What a cache of the `uwsgi` module holds from the start on, as uWSGI writes it: `[CACHE ]KEY=VALUE`, or
/// `[CACHE ]FILE`. The first space ends the cache's name.
public final class CacheItemText {
    private CacheItemText() {}

    /// @throws IllegalArgumentException if it isn't that
    public static Item item(String text) {
        String rest = rest(text);
        int equals = rest.indexOf('=');
        if (equals < 1 || equals == rest.length() - 1) {
            throw new IllegalArgumentException(
                    "'%s' is not [CACHE ]KEY=VALUE, as in pages front=Hello".formatted(text));
        }
        return new Item(
                cache(text),
                rest.substring(0, equals),
                new Content.Text(rest.substring(equals + 1)),
                "--add-cache-item");
    }

    /// @param option for messages
    /// @throws IllegalArgumentException if it isn't that
    public static Item file(String option, String text, boolean compressed) {
        String file = rest(text);
        if (file.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' is not [CACHE ]FILE, as in pages static/front.html".formatted(text));
        }
        return new Item(cache(text), file, new Content.InFile(Path.of(file), compressed), option);
    }

    private static String cache(String text) {
        return text.substring(0, Math.max(0, text.indexOf(' ')));
    }

    private static String rest(String text) {
        return text.substring(text.indexOf(' ') + 1);
    }

    /// @param directory what files are relative to
    public static Item in(Path directory, Item item) {
        return item.content() instanceof Content.InFile(Path file, boolean compressed)
                ? new Item(
                        item.cache(),
                        item.key(),
                        new Content.InFile(directory.resolve(file), compressed),
                        item.setting())
                : item;
    }

    /// As it was written.
    public static String text(Item item) {
        return (item.cache().isEmpty() ? "" : item.cache() + " ")
                + item.key()
                + (item.content() instanceof Content.Text(String text) ? "=" + text : "");
    }
}
