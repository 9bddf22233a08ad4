package dev.loomgate.toolkit.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a session's cookie stands for, and where its contents are between two requests.
sealed interface SessionKeeper permits SessionInCookie, SessionInStore, SignedNames {
    /// A session that a client came with.
    ///
    /// @param name its name in a store; empty if its contents are in the cookie
    /// @param json its contents
    /// @param values the same, read; the request's own, to be changed
    /// @param since when it was stored last; stored again after half its time
    /// @param others further cookies of that name that the client came with, which may be sessions
    @SuppressWarnings("ArrayRecordComponent")
    record Kept(String name, byte[] json, Map<String, Object> values, Instant since, List<String> others) {
        /// One that isn't there any more, and that no other is to be made in place of.
        static Kept gone(String name, Instant now) {
            return new Kept(name, SessionJson.write(Map.of()), new LinkedHashMap<>(), now, List.of());
        }

        /// The contents as they were found.
        Map<String, Object> read() {
            return SessionJson.read(json).orElseGet(Map::of);
        }
    }

    /// What became of a change.
    sealed interface Outcome {
        /// It is kept, and this is the cookie's value.
        record Keeps(String cookie) implements Outcome {}

        /// No value is left: the session is forgotten, and so should be the cookie.
        record Ended() implements Outcome {}

        /// Another request has ended the session, or given it another name: nothing is kept, and the client has its
        /// cookie from that one.
        record Lost() implements Outcome {}
    }

    /// Checks the bytes of contents, and of a cookie.
    interface Sizes {
        /// @throws IllegalStateException if they are too many
        void check(int bytes);
    }

    /// Whether a cookie's value has the form of ours: which costs next to nothing to see.
    boolean isPossible(String cookie);

    /// The session that a cookie's value stands for; empty if that is forged, too old, or forgotten.
    ///
    /// @param others further values that it may be, if it isn't this one
    Optional<Kept> find(String cookie, List<String> others, Duration maxAge, Instant now);

    /// Whether a cookie's value stood for a session that has another one by now: the client has been told, or will be.
    boolean isRenewed(String cookie);

    /// Keeps the contents of a new session, and returns the cookie's value for them.
    String keep(byte[] json, Duration maxAge, Instant now);

    /// Changes the session that the client came with, as it is by now.
    Outcome change(Kept session, SessionChange change, Duration maxAge, Instant now, Sizes sizes);

    /// Forgets the session, and whatever else the client came with: else that would be found the next time.
    void end(Kept session);
}
