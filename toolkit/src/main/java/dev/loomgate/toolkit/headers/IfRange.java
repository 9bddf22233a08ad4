package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.HttpDate;
import java.time.Instant;
import java.util.Optional;

/// The version that a range is wanted of: the `If-Range` header (RFC 9110 section 13.1.5). Another version is
/// wanted whole.
///
/// @param etag its tag, if that is what the client knows
/// @param date its date of modification, if that is it
public record IfRange(Optional<ETag> etag, Optional<Instant> date) {
    public static IfRange parse(String header) {
        if (header.isEmpty()) {
            return new IfRange(Optional.empty(), Optional.empty());
        }
        Optional<Instant> date = HttpDate.parse(header);
        return new IfRange(date.isPresent() ? Optional.empty() : tag(header), date);
    }

    private static Optional<ETag> tag(String header) {
        String text = Ascii.trim(header);
        boolean weak = text.startsWith("W/") || text.startsWith("w/");
        String tag = weak ? text.substring(2) : text;
        boolean quoted = tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"");
        String value = quoted ? tag.substring(1, tag.length() - 1) : tag;
        boolean possible = value.indexOf('"') < 0 && value.chars().allMatch(c -> c >= ' ' && c != 0x7f);
        return possible ? Optional.of(new ETag(value, weak)) : Optional.empty();
    }
}
