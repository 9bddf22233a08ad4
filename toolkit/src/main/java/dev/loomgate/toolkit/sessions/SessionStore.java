package dev.loomgate.toolkit.sessions;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// Where [Sessions] keep what isn't in the cookie: bytes under a name that can't be guessed, with a time to live.
///
/// Called from the microthreads of all loops at once, and may wait. What these four need, Redis has as `GET`, `SET`
/// with `EX`, a script of `GET` and `SET` for [#replace], and `DEL`: the module `loomgate-redis` has that.
///
/// One that can't be asked now throws [dev.loomgate.toolkit.exceptions.ServiceUnavailable], which is then the
/// answer to the request, whichever application is behind [Sessions].
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

    /// Keeps bytes under a name in place of these, and of no others: so a request that has taken its time doesn't
    /// bring a session back that another one has ended, nor undo what another one has changed.
    ///
    /// This one asks [#load], then [#save]. [Sessions] let no other request of the same process in between. A store
    /// that several processes use overrides it with what its database does in one step.
    ///
    /// @param before what has been loaded
    /// @return whether it did: not if there is nothing any more, or something else
    default boolean replace(String id, byte[] before, byte[] after, Duration timeToLive) {
        boolean same =
                load(id).filter(content -> Arrays.equals(content, before)).isPresent();
        if (same) {
            save(id, after, timeToLive);
        }
        return same;
    }

    /// Forgets what is kept under a name; does nothing if there is nothing.
    void delete(String id);
}
