package dev.loomgate.security.passwords;

/// How much a hash that comes from elsewhere may cost: its text names its parameters, and nobody
/// should be able to have a server compute for an hour by a text.
///
/// @param memoryBytes of scrypt: `128 · N · r`
/// @param blocks of scrypt: `N · r · p`
/// @param iterations of PBKDF2
public record PasswordLimits(long memoryBytes, long blocks, long iterations) {
    /// 128 MiB, 4,194,304 blocks (some 20 times Werkzeug's), 4,000,000 iterations.
    public static final PasswordLimits DEFAULT = new PasswordLimits(128L << 20, 1L << 22, 4_000_000);

    /// @throws IllegalArgumentException if one is not above 0
    public PasswordLimits {
        if (memoryBytes <= 0 || blocks <= 0 || iterations <= 0) {
            throw new IllegalArgumentException(
                    "PasswordLimits: %d, %d and %d are not all above 0".formatted(memoryBytes, blocks, iterations));
        }
    }

    void check(Cost cost) {
        switch (cost) {
            case Cost.Scrypt scrypt -> {
                check("bytes of memory", scrypt.memoryBytes(), memoryBytes, "memoryBytes");
                check("blocks", scrypt.blocks(), blocks, "blocks");
            }
            case Cost.Pbkdf2 pbkdf2 -> check("iterations", pbkdf2.iterations(), iterations, "iterations");
        }
    }

    private static void check(String what, long value, long limit, String name) {
        if (value > limit) {
            throw new IllegalArgumentException(
                    "a password's hash takes %d %s, over %d (PasswordLimits.%s)".formatted(value, what, limit, name));
        }
    }
}
