package dev.loomgate.python;

import dev.loomgate.python.snapshot.CacheSnapshot;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bytes by key, as programs have them through `uwsgi.cache_get` and others: one cache, in this server or in a
/// [SharedStore].
///
/// Sizes are those of its [SharedOptions.Cache], and what is too large for these isn't kept.
public interface ProgramCache {
    /// What can be done with a counter.
    enum Arithmetic {
        /// Adds.
        INC,
        /// Subtracts.
        DEC,
        /// Multiplies.
        MUL,
        /// Divides, towards zero; by zero it is zero.
        DIV
    }

    /// As it was asked for.
    String name();

    /// Whether calls wait for somebody outside: then each is made in a microthread or a virtual thread of its own,
    /// several at a time; otherwise they are made by one thread.
    boolean waits();

    /// The value, or null. It is the cache's own: nobody changes it.
    byte @Nullable [] get(byte[] key);

    boolean exists(byte[] key);

    /// Sets a value.
    ///
    /// @param value the cache's own from now on
    /// @param expires after which it is gone; zero for never
    /// @param replace whether a value that is there is replaced
    /// @return whether it was set: never if it is empty or too large, or if there is no room for it
    boolean set(byte[] key, byte[] value, Duration expires, boolean replace);

    /// Returns whether there was a value.
    boolean delete(byte[] key);

    /// Changes a counter, 8 bytes little-endian as uWSGI keeps them, in one step; one that isn't there begins as the
    /// options say, and lasts for `expires`.
    ///
    /// @return whether there was room for it
    /// @throws IllegalArgumentException if the value is no counter
    boolean count(Arithmetic how, byte[] key, long amount, Duration expires);

    /// Forgets everything.
    ///
    /// @return whether it did
    boolean clear();

    /// The keys, from a place in their order on; not more than have room in so many bytes.
    List<byte[]> keys(long from, long maxBytes);

    /// What has happened so far, as far as this server knows. Doesn't wait.
    ///
    /// @param name what it is shown as
    CacheSnapshot snapshot(String name);
}
