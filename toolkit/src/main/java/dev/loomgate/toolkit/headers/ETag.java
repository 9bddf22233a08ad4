package dev.loomgate.toolkit.headers;

/// An entity tag: names a version of a resource (RFC 9110 section 8.8.3).
///
/// @param value without quotes
/// @param weak whether versions of the same tag may differ in their bytes
public record ETag(String value, boolean weak) {
    /// @throws IllegalArgumentException if the value has a quote or a control character
    public ETag {
        if (value.chars().anyMatch(c -> c == '"' || c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("no entity tag: " + value);
        }
    }

    /// A tag that stands for these very bytes.
    public static ETag strong(String value) {
        return new ETag(value, false);
    }

    /// A tag that stands for what these bytes mean.
    public static ETag weak(String value) {
        return new ETag(value, true);
    }

    /// `"value"` or `W/"value"`
    @Override
    public String toString() {
        return (weak ? "W/\"" : "\"") + value + '"';
    }
}
