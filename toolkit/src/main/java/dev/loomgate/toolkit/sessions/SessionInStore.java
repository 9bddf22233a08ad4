package dev.loomgate.toolkit.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// Contents in a store, and in the cookie 256 random bits that name them.
///
/// ```
/// seconds since 1970 (8 bytes) | JSON
/// ```
///
/// A change is made to what the store has at that moment, and only if nobody was faster ([SessionStore#replace]).
final class SessionInStore implements SessionKeeper {
    private static final int HEAD_BYTES = Long.BYTES;

    // Stands under a name while it is given up: a time, and no session.
    private static final byte[] GIVEN_UP = new byte[HEAD_BYTES];

    // Each failure means that somebody else's change was kept.
    private static final int MOST_ATTEMPTS = 100;
    private static final int LOCKS = 64;

    // A request that the client sent before it had the answer to its login is answered by then.
    private static final Duration REQUEST_TIME = Duration.ofMinutes(10);
    private static final int MOST_RENEWED = 10_000;

    private final SessionStore store;

    // Old names of sessions that were renewed in this process lately.
    private final Cache<String, Boolean> renewed = Caffeine.newBuilder()
            .maximumSize(MOST_RENEWED)
            .expireAfterWrite(REQUEST_TIME)
            .executor(Runnable::run)
            .build();

    // A store whose replace is two steps is asked by one request at a time for each name.
    private final List<Lock> locks =
            IntStream.range(0, LOCKS).<Lock>mapToObj(_ -> new ReentrantLock()).toList();

    SessionInStore(SessionStore store) {
        this.store = store;
    }

    @Override
    public boolean isPossible(String cookie) {
        return RandomName.isOne(cookie);
    }

    @Override
    public Optional<Kept> find(String cookie, List<String> others, Duration maxAge, Instant now) {
        return store.load(cookie).flatMap(bytes -> kept(cookie, bytes, others, maxAge, now));
    }

    private static Optional<Kept> kept(String name, byte[] bytes, List<String> others, Duration maxAge, Instant now) {
        if (bytes.length <= HEAD_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Instant since = Instant.ofEpochSecond(buffer.getLong());
        byte[] json = new byte[buffer.remaining()];
        buffer.get(json);
        return now.isBefore(since.plus(maxAge))
                ? SessionJson.read(json).map(values -> new Kept(name, json, values, since, others))
                : Optional.empty();
    }

    @Override
    public boolean isRenewed(String cookie) {
        return renewed.getIfPresent(cookie) != null;
    }

    private static byte[] bytes(byte[] json, Instant now) {
        return ByteBuffer.allocate(HEAD_BYTES + json.length)
                .putLong(now.getEpochSecond())
                .put(json)
                .array();
    }

    @Override
    public String keep(byte[] json, Duration maxAge, Instant now) {
        // A name that a client made up is never taken: somebody else would know it.
        String name = RandomName.next();
        store.save(name, bytes(json, now), maxAge);
        return name;
    }

    @Override
    public Outcome change(Kept session, SessionChange change, Duration maxAge, Instant now, Sizes sizes) {
        Lock lock = lock(session.name());
        lock.lock();
        try {
            for (int i = 0; i < MOST_ATTEMPTS; i++) {
                Optional<Outcome> outcome = tried(session, change, maxAge, now, sizes);
                if (outcome.isPresent()) {
                    if (change.renewed() && outcome.get() instanceof Outcome.Keeps) {
                        session.others().forEach(store::delete);
                    }
                    return outcome.get();
                }
            }
        } finally {
            lock.unlock();
        }
        throw new IllegalStateException(
                "session: others have changed it %d times while it was to be kept".formatted(MOST_ATTEMPTS));
    }

    /// Empty if somebody else was faster.
    private Optional<Outcome> tried(Kept session, SessionChange change, Duration maxAge, Instant now, Sizes sizes) {
        byte[] before = store.load(session.name()).orElse(GIVEN_UP);
        Optional<Kept> current = kept(session.name(), before, session.others(), maxAge, now);
        if (current.isEmpty()) {
            return Optional.of(withoutSession(change, maxAge, now, sizes));
        }
        Map<String, Object> values = change.appliedTo(current.get().values());
        if (values.isEmpty()) {
            return given(session.name(), before, maxAge) ? Optional.of(new Outcome.Ended()) : Optional.empty();
        }
        byte[] json = SessionJson.write(values);
        sizes.check(json.length);
        if (!change.renewed()) {
            return store.replace(session.name(), before, bytes(json, now), maxAge)
                    ? Optional.of(new Outcome.Keeps(session.name()))
                    : Optional.empty();
        }
        String name = keep(json, maxAge, now);
        if (given(session.name(), before, maxAge)) {
            renewed.put(session.name(), true);
            return Optional.of(new Outcome.Keeps(name));
        }
        store.delete(name);
        return Optional.empty();
    }

    /// What becomes of a change to a session that isn't there any more. A login is good by itself, but nothing of what
    /// the session had comes back with it.
    private Outcome withoutSession(SessionChange change, Duration maxAge, Instant now, Sizes sizes) {
        if (!change.renewed() || change.put().isEmpty()) {
            return new Outcome.Lost();
        }
        byte[] json = SessionJson.write(change.put());
        sizes.check(json.length);
        return new Outcome.Keeps(keep(json, maxAge, now));
    }

    /// Forgets a session if it is still this one; a second caller gets false.
    private boolean given(String name, byte[] before, Duration maxAge) {
        boolean done = store.replace(name, before, GIVEN_UP, maxAge);
        if (done) {
            store.delete(name);
        }
        return done;
    }

    @Override
    public void end(Kept session) {
        Lock lock = lock(session.name());
        lock.lock();
        try {
            store.delete(session.name());
        } finally {
            lock.unlock();
        }
        session.others().forEach(store::delete);
    }

    private Lock lock(String name) {
        return locks.get(Math.floorMod(name.hashCode(), LOCKS));
    }
}
