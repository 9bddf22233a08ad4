package dev.loomgate.toolkit.middleware;

import java.time.Duration;
import java.util.Optional;

/// Where [Sessions] keep what isn't in the cookie: bytes under a name that nobody guesses, with a time to live.
///
/// Called from the microthreads of all loops at once, and may wait. What these three need, Redis has as `GET`,
/// `SET` with `EX`, and `DEL`.
public interface SessionStore {
    /// A store in this process's memory, gone when it ends, of 64 MB: past that, those that were used least go
    /// first.
    static SessionStore inMemory() {
        return inMemory(64L << 20);
    }

    /// A store in this process's memory of so many bytes.
    static SessionStore inMemory(long maxBytes) {
        return new SessionsInMemory(maxBytes);
    }

    /// What is kept under a name; empty if there is nothing, or its time is over.
    ///
    /// @param id up to 64 letters, digits, `-` and `_`; from a client, so it may be any
    Optional<byte[]> load(String id);

    /// Keeps bytes under a name, in place of others, for so long from now on.
    void save(String id, byte[] content, Duration timeToLive);

    /// Forgets what is kept under a name; does nothing if there is nothing.
    void delete(String id);
}
