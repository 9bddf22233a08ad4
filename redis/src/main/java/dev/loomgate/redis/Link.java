package dev.loomgate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps a connection to Redis, by a thread of its own, and makes calls on it while there is one.
///
/// A connection on which a call had no answer in time is not used any more: a new one shows soonest
/// whether Redis is there, and no late answer meets anybody.
final class Link implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    // It is there, and no good for us: still loading, or a replica by now.
    private static final List<String> NOT_READY = List.of("LOADING", "READONLY", "MASTERDOWN");

    // It is there, and takes no writes: memory or disk.
    private static final List<String> FULL = List.of("OOM", "MISCONF", "NOREPLICAS");

    private final Connector connector;
    private final Outages outages;
    private final long timeoutNanos;
    private final List<Feature> features = new CopyOnWriteArrayList<>();
    private final CountDownLatch tried = new CountDownLatch(1);
    private final LongAdder calls = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final Thread keeper;

    // Who sets features up on a connection, and waits for that; taken before the other.
    private final ReentrantLock preparing = new ReentrantLock();

    // Held for a few instructions, also by Lettuce's I/O thread.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed; // by lock
    private volatile @Nullable StatefulRedisPubSubConnection<String, byte[]> live; // written by lock

    Link(RedisSettings settings) {
        connector = new Connector(settings, features);
        outages = new Outages(connector.place());
        timeoutNanos = settings.timeout().toNanos();
        keeper = Thread.ofVirtual().name("loomgate-redis").unstarted(this::keep);
    }

    /// Starts, and waits for the first attempt's end.
    void start() {
        keeper.start();
        try {
            tried.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        try {
            while (!isClosed()) {
                try {
                    serve(connector.connect(this::lost));
                } catch (ExecutionException | TimeoutException | RedisException | RedisGone e) {
                    outages.begin(Connector.why(e));
                }
                tried.countDown();
                pause();
            }
        } catch (InterruptedException | CancellationException e) {
            // It is closed.
        } finally {
            tried.countDown();
        }
    }

    /// Has a connection used until it is lost.
    private void serve(Connector.Opened opened) throws InterruptedException {
        StatefulRedisPubSubConnection<String, byte[]> made = opened.connection();
        try {
            prepare(made, opened.found());
            tried.countDown();
            lock.lockInterruptibly();
            try {
                while (live == made) {
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
        } finally {
            lost(made, "it is closed");
            end(made);
        }
    }

    /// Closes a connection, once: at an end, Lettuce's client would close what isn't closed yet a second time.
    private void end(StatefulRedisPubSubConnection<String, byte[]> made) {
        try {
            made.closeAsync().orTimeout(timeoutNanos, TimeUnit.NANOSECONDS).join();
        } catch (CompletionException | CancellationException e) {
            // Nothing is expected of it any more.
        }
    }

    private void prepare(StatefulRedisPubSubConnection<String, byte[]> made, String found) throws InterruptedException {
        preparing.lockInterruptibly();
        try {
            await(made.async().ping());
            features.forEach(feature -> feature.connected(made));
            lock.lock();
            try {
                if (closed) {
                    throw new InterruptedException("closed");
                }
                if (!made.isOpen()) {
                    throw new RedisGone("the connection ended");
                }
                live = made;
            } finally {
                lock.unlock();
            }
            outages.end(found);
            features.forEach(Feature::ready);
        } finally {
            preparing.unlock();
        }
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = PAUSE_NANOS;
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// A connection is of no use any more. Any thread, Lettuce's I/O thread as well.
    private void lost(StatefulRedisPubSubConnection<String, byte[]> connection, String why) {
        lock.lock();
        try {
            if (live != connection) {
                return;
            }
            live = null;
            if (!closed) {
                outages.begin(why);
            }
            features.forEach(Feature::gone);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void add(Feature feature) {
        preparing.lock();
        try {
            if (features.stream().anyMatch(other -> other.name().equals(feature.name()))) {
                throw new IllegalArgumentException("Redis: this connection has a " + feature.name() + " already");
            }
            features.add(feature);
            StatefulRedisPubSubConnection<String, byte[]> now = live;
            if (now != null) {
                connect(feature, now);
            }
        } finally {
            preparing.unlock();
        }
    }

    private void connect(Feature feature, StatefulRedisPubSubConnection<String, byte[]> now) {
        try {
            feature.connected(now);
            feature.ready();
        } catch (RedisException | RedisGone e) {
            // The next one has it set up.
            lost(now, Connector.why(e));
        }
    }

    void remove(Feature feature) {
        preparing.lock();
        try {
            StatefulRedisPubSubConnection<String, byte[]> now = live;
            if (features.remove(feature) && now != null) {
                feature.removed(now);
            }
        } catch (RedisException e) {
            // It has just ended.
        } finally {
            preparing.unlock();
        }
    }

    /// It is there, and something is refused for want of room.
    void complain(String what) {
        outages.complain(what);
    }

    boolean isThere() {
        return live != null;
    }

    RedisCounts counts() {
        return new RedisCounts(isThere(), calls.sum(), timeouts.sum(), outages.refused(), outages.count());
    }

    <T extends @Nullable Object> T call(Function<RedisAsyncCommands<String, byte[]>, ? extends Future<T>> command) {
        StatefulRedisPubSubConnection<String, byte[]> now = live;
        if (now == null) {
            outages.refuse();
            throw new RedisGone("it is gone");
        }
        calls.increment();
        try {
            return await(command.apply(now.async()));
        } catch (RedisException e) {
            throw gone(now, e);
        } catch (RedisGone e) {
            lost(now, Connector.why(e));
            throw e;
        }
    }

    <T> T run(Script<T> script, String key, byte[]... arguments) {
        String[] keys = {key};
        try {
            return script.answer(call(redis -> redis.<Object>evalsha(script.sha1(), script.output(), keys, arguments)));
        } catch (RedisNoScriptException e) {
            // It has been started since, or is another one by now.
            return script.answer(call(redis -> redis.<Object>eval(script.text(), script.output(), keys, arguments)));
        }
    }

    /// Waits for an answer.
    ///
    /// @throws RedisGone if there is none in time, or the connection ended
    /// @throws RedisException what Redis answers
    <T extends @Nullable Object> T await(Future<T> answer) {
        try {
            return answer.get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            timeouts.increment();
            throw new RedisGone("no answer in %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while Redis was to answer");
        } catch (CancellationException e) {
            throw new RedisGone("the connection ended");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisException answered) {
                throw answered;
            }
            throw new RedisGone(Connector.why(e));
        }
    }

    /// What an error means for who has called.
    private RuntimeException gone(StatefulRedisPubSubConnection<String, byte[]> connection, RedisException error) {
        String text = String.valueOf(error.getMessage());
        if (error instanceof RedisNoScriptException) {
            return error;
        }
        if (error instanceof RedisCommandExecutionException) {
            if (NOT_READY.stream().anyMatch(text::startsWith)) {
                lost(connection, text);
                return new RedisGone(text);
            }
            if (FULL.stream().anyMatch(text::startsWith)) {
                outages.complain(text);
                outages.refuse();
                return new RedisGone(text);
            }
            return new IllegalStateException("Redis: " + text, error);
        }
        // Of an open one: too many calls are under way.
        if (!connection.isOpen()) {
            lost(connection, "the connection ended");
        }
        outages.refuse();
        return new RedisGone(text);
    }

    @Override
    public void close() {
        StatefulRedisPubSubConnection<String, byte[]> now;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            now = live;
        } finally {
            lock.unlock();
        }
        if (now != null) {
            lost(now, "it is closed");
        }
        keeper.interrupt();
        try {
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connector.close();
    }
}
