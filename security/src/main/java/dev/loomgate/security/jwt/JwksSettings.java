package dev.loomgate.security.jwt;

import java.time.Duration;

/// How a set of keys is fetched, and how long it is kept.
///
/// @param timeout for all of a fetch
/// @param maxBytes of the set
/// @param lifetime how long a set is used before it is fetched again
/// @param pause between two fetches for a key that the set doesn't have; a second one within it is let
/// through, and no third
public record JwksSettings(Duration timeout, int maxBytes, Duration lifetime, Duration pause) {
    /// 5 s, 64 KiB, 5 minutes, 30 s.
    public static final JwksSettings DEFAULT =
            new JwksSettings(Duration.ofSeconds(5), 65_536, Duration.ofMinutes(5), Duration.ofSeconds(30));

    /// @throws IllegalArgumentException if a value is not above 0, or the pause not below the lifetime
    public JwksSettings {
        above0("timeout", timeout);
        above0("lifetime", lifetime);
        above0("pause", pause);
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("JwksSettings: maxBytes is %d, not above 0".formatted(maxBytes));
        }
        if (pause.compareTo(lifetime) >= 0) {
            throw new IllegalArgumentException(
                    "JwksSettings: pause is %s, not below lifetime, %s".formatted(pause, lifetime));
        }
    }

    private static void above0(String name, Duration value) {
        if (value.toMillis() <= 0) {
            throw new IllegalArgumentException("JwksSettings: %s is %s, not above 0".formatted(name, value));
        }
    }

    /// The same with another time for a fetch.
    public JwksSettings withTimeout(Duration other) {
        return new JwksSettings(other, maxBytes, lifetime, pause);
    }

    /// The same with another size of the set.
    public JwksSettings withMaxBytes(int other) {
        return new JwksSettings(timeout, other, lifetime, pause);
    }

    /// The same with another time for which a set is used.
    public JwksSettings withLifetime(Duration other) {
        return new JwksSettings(timeout, maxBytes, other, pause);
    }

    /// The same with another pause between fetches for unknown keys.
    public JwksSettings withPause(Duration other) {
        return new JwksSettings(timeout, maxBytes, lifetime, other);
    }
}
