package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.RequestEntityTooLarge;

/// How much of a request's body an application takes; past it, 413. For an application by
/// `WebApplication.withLimits`, for some of its URLs by `Rule.limits`.
///
/// @param bodyBytes the whole body, on top of the server's own limit
/// @param formMemoryBytes what a form's fields may take in memory, all together
/// @param formParts how many parts a multipart form may have
/// @param fileMemoryBytes what a form's files may take in memory, all together: what is past it is kept on disk
public record Limits(long bodyBytes, long formMemoryBytes, int formParts, long fileMemoryBytes) {
    /// Any body that the server lets through, fields up to 500,000 bytes, 1,000 parts, files up to 500,000 bytes
    /// in memory.
    public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, 500_000, 1_000, 500_000);

    /// @throws IllegalArgumentException if one of them is negative
    public Limits {
        if (bodyBytes < 0 || formMemoryBytes < 0 || formParts < 0 || fileMemoryBytes < 0) {
            throw new IllegalArgumentException(
                    "negative limit: bodyBytes %d, formMemoryBytes %d, formParts %d, fileMemoryBytes %d"
                            .formatted(bodyBytes, formMemoryBytes, formParts, fileMemoryBytes));
        }
    }

    public Limits withBodyBytes(long other) {
        return new Limits(other, formMemoryBytes, formParts, fileMemoryBytes);
    }

    public Limits withFormMemoryBytes(long other) {
        return new Limits(bodyBytes, other, formParts, fileMemoryBytes);
    }

    public Limits withFormParts(int other) {
        return new Limits(bodyBytes, formMemoryBytes, other, fileMemoryBytes);
    }

    public Limits withFileMemoryBytes(long other) {
        return new Limits(bodyBytes, formMemoryBytes, formParts, other);
    }

    RequestEntityTooLarge formTooLarge() {
        return new RequestEntityTooLarge("The form is over the limit of " + formMemoryBytes + " bytes.");
    }
}
