package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.Digits;
import java.util.Optional;
import java.util.OptionalLong;

/// Which part of a resource a message has: the `Content-Range` header (RFC 9110 section 14.4).
///
/// ```
/// bytes 0-99/1234
/// bytes 0-99/*           of a resource whose length isn't known
/// bytes */1234           none, in a 416
/// ```
///
/// @param unit `bytes` mostly
/// @param part the part, if there is one
/// @param length the whole resource's, if it is known
public record ContentRange(String unit, Optional<Range.Part> part, OptionalLong length) {
    /// Part of a resource in bytes.
    public static ContentRange of(Range.Part part, long length) {
        return new ContentRange("bytes", Optional.of(part), OptionalLong.of(length));
    }

    /// The header's part; empty if it isn't well formed.
    public static Optional<ContentRange> parse(String header) {
        String text = Ascii.trim(header);
        int space = text.indexOf(' ');
        int slash = text.indexOf('/', space + 1);
        if (space < 0 || slash < 0) {
            return Optional.empty();
        }
        String size = text.substring(slash + 1);
        OptionalLong length = Digits.parse(Ascii.trim(size));
        if (length.isEmpty() && !size.equals("*")) {
            return Optional.empty();
        }
        String unit = text.substring(0, space);
        String range = text.substring(space + 1, slash);
        if (range.equals("*")) {
            return Optional.of(new ContentRange(unit, Optional.empty(), length));
        }
        int dash = range.indexOf('-');
        OptionalLong first = dash < 0 ? OptionalLong.empty() : Digits.parse(Ascii.trim(range.substring(0, dash)));
        OptionalLong last = dash < 0 ? OptionalLong.empty() : Digits.parse(Ascii.trim(range.substring(dash + 1)));
        if (first.isEmpty() || last.isEmpty() || first.getAsLong() > last.getAsLong()) {
            return Optional.empty();
        }
        if (length.isPresent() && first.getAsLong() >= length.getAsLong()) {
            return Optional.empty();
        }
        Range.Part part = new Range.Part(first.getAsLong(), last.getAsLong() + 1);
        return Optional.of(new ContentRange(unit, Optional.of(part), length));
    }

    /// The header.
    @Override
    public String toString() {
        String range = part.map(some -> some.begin() + "-" + (some.end() - 1)).orElse("*");
        return unit + " " + range + "/" + (length.isPresent() ? length.getAsLong() : "*");
    }
}
