package dev.loomgate.toolkit;

/// How much of a request's body an application takes; past it, 413.
///
/// @param bodyBytes the whole body, on top of the server's own limit (`--limit-post`)
/// @param formMemoryBytes what a form may take in memory
/// @param formParts how many parts a multipart form may have
public record Limits(long bodyBytes, long formMemoryBytes, int formParts) {
    /// Any body that the server lets through, forms up to 500,000 bytes in memory and 1,000 parts.
    public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, 500_000, 1_000);

    /// @throws IllegalArgumentException if one of them is negative
    public Limits {
        if (bodyBytes < 0 || formMemoryBytes < 0 || formParts < 0) {
            throw new IllegalArgumentException("negative limit: bodyBytes %d, formMemoryBytes %d, formParts %d"
                    .formatted(bodyBytes, formMemoryBytes, formParts));
        }
    }

    public Limits withBodyBytes(long other) {
        return new Limits(other, formMemoryBytes, formParts);
    }

    public Limits withFormMemoryBytes(long other) {
        return new Limits(bodyBytes, other, formParts);
    }

    public Limits withFormParts(int other) {
        return new Limits(bodyBytes, formMemoryBytes, other);
    }
}
