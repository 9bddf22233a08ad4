package dev.loomgate.toolkit.middleware;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a session's cookie stands for, and where its contents are between two requests.
sealed interface SessionKeeper {
    /// A session that a client came with.
    ///
    /// @param name its name in a store; empty if its contents are in the cookie
    /// @param json its contents
    /// @param since when it was kept last; to be kept anew after half its time
    @SuppressWarnings("ArrayRecordComponent")
    record Kept(String name, byte[] json, Instant since) {}

    /// The session that a cookie's value stands for; empty if that is forged, too old, or forgotten.
    Optional<Kept> find(String cookie, Duration maxAge, Instant now);

    /// Keeps contents, and returns the cookie's value for them.
    ///
    /// @param before the session that the client came with, if there was one and it goes on under its name
    String keep(byte[] json, @Nullable Kept before, Duration maxAge, Instant now);

    /// Forgets a session.
    void forget(Kept session);

    /// Contents in the cookie itself, signed.
    record InCookie(SignedText signature) implements SessionKeeper {
        @Override
        public Optional<Kept> find(String cookie, Duration maxAge, Instant now) {
            return signature
                    .verified(cookie)
                    .filter(signed -> now.isBefore(signed.since().plus(maxAge)))
                    .map(signed -> new Kept("", signed.content(), signed.since()));
        }

        @Override
        public String keep(byte[] json, @Nullable Kept before, Duration maxAge, Instant now) {
            return signature.sign(json, now);
        }

        @Override
        public void forget(Kept session) {}
    }

    /// Contents in a store, and in the cookie 256 random bits that name them.
    record InStore(SessionStore store) implements SessionKeeper {
        // Seconds since 1970 stand before the contents.
        private static final int HEAD_BYTES = Long.BYTES;

        @Override
        public Optional<Kept> find(String cookie, Duration maxAge, Instant now) {
            if (!RandomName.isOne(cookie)) {
                return Optional.empty();
            }
            return store.load(cookie)
                    .filter(bytes -> bytes.length > HEAD_BYTES)
                    .map(bytes -> kept(cookie, bytes))
                    .filter(kept -> now.isBefore(kept.since().plus(maxAge)));
        }

        private static Kept kept(String name, byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            Instant since = Instant.ofEpochSecond(buffer.getLong());
            byte[] json = new byte[buffer.remaining()];
            buffer.get(json);
            return new Kept(name, json, since);
        }

        @Override
        public String keep(byte[] json, @Nullable Kept before, Duration maxAge, Instant now) {
            // A name that a client made up is never taken: somebody else would know it.
            String name = before == null ? RandomName.next() : before.name();
            byte[] bytes = ByteBuffer.allocate(HEAD_BYTES + json.length)
                    .putLong(now.getEpochSecond())
                    .put(json)
                    .array();
            store.save(name, bytes, maxAge);
            return name;
        }

        @Override
        public void forget(Kept session) {
            store.delete(session.name());
        }
    }
}
