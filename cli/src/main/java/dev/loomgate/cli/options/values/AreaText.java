package dev.loomgate.cli.options.values;

import dev.loomgate.python.SharedOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Memory that workers share, as uWSGI's sharedarea describes it: a number of pages, or `size=65536`,
/// `pages=16,file=PATH,offset=4096`. Sizes may be hexadecimal, as in `0x10000`.
public final class AreaText {
    private static final long PAGE_BYTES = 4096;
    private static final Map<String, String> KEYS =
            Map.of("pages", "pages", "size", "size", "file", "file", "offset", "offset");
    private static final Map<String, String> NOT_OFFERED = Map.of(
            "fd", "workers are not started with descriptors of the server's: name the file",
            "ptr", "an address of another process means nothing");

    private AreaText() {}

    /// @param option for messages
    /// @param base what the file is relative to
    /// @throws IllegalArgumentException if it isn't that
    public static SharedOptions.Area parse(String option, String text, Path base) {
        if (text.indexOf('=') < 0) {
            return new SharedOptions.Area(number(option, text) * PAGE_BYTES, null, 0);
        }
        Map<String, String> values = KeyValues.parse(option, text, KEYS, NOT_OFFERED);
        String size = values.get("size");
        String pages = values.get("pages");
        if (size == null && pages == null) {
            throw new IllegalArgumentException("%s: '%s' has no size".formatted(option, text));
        }
        long bytes = size != null ? number(option, size) : number(option, String.valueOf(pages)) * PAGE_BYTES;
        String name = values.get("file");
        if (name == null) {
            // Whole pages, as there.
            bytes = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
            return new SharedOptions.Area(bytes, null, 0);
        }
        Path file = base.resolve(name);
        long offset = number(option, values.getOrDefault("offset", "0"));
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            throw new IllegalArgumentException("%s: %s can't be read and written".formatted(option, file));
        }
        return new SharedOptions.Area(bytes, file, offset);
    }

    private static long number(String option, String text) {
        try {
            long number = Long.decode(text.startsWith("0x") ? text : text.replaceFirst("^0+(?=.)", ""));
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("%s: '%s' is no number of 0 to 2g".formatted(option, text));
    }
}
