package dev.loomgate.python.workers;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.Reply;
import dev.loomgate.python.shared.SharedCache;
import dev.loomgate.python.shared.SharedLocks;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.MarshalReader;
import dev.loomgate.python.wire.MarshalWriter;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a program asks of the server through the `uwsgi` module: the cache, locks, a reload. Loop side only.
final class UwsgiCalls {
    private static final long CACHE_BYTES = 64L << 20;

    private final SharedCache cache = new SharedCache(CACHE_BYTES);
    private final SharedLocks locks = new SharedLocks();

    /// A call's arguments.
    private record Arguments(List<?> values) {
        String text(int place) {
            return (String) at(place);
        }

        long number(int place) {
            return at(place) instanceof Double floating ? Math.round(floating) : (Long) at(place);
        }

        Duration seconds(int place) {
            return at(place) instanceof Double floating
                    ? Duration.ofNanos((long) (floating * 1e9))
                    : Duration.ofSeconds((Long) at(place));
        }

        byte[] bytes(int place) {
            return (byte[]) at(place);
        }

        private Object at(int place) {
            Object value = place < values.size() ? values.get(place) : null;
            if (value == null) {
                throw new FrameException("a call has no argument " + place);
            }
            return value;
        }
    }

    /// Where the reply to a call goes.
    @FunctionalInterface
    interface Replies {
        /// @param id the call's own number
        /// @param wrong whether the payload is the message of a failure
        void reply(int id, byte[] payload, boolean wrong);
    }

    /// Answers a worker's call, now or, for a lock that is taken, later.
    ///
    /// @param id the call's own number, which its reply bears
    void call(Fleet fleet, Worker worker, int id, ByteBuf payload, Replies replies) {
        call(worker, id, payload, replies, (name, arguments, answer) -> {
            switch (name) {
                case "reload" -> {
                    fleet.reload();
                    answer.bool(true);
                }
                case "user_harakiri" -> {
                    userHarakiri(fleet, worker, (int) arguments.number(1), arguments.seconds(2));
                    answer.none();
                }
                default -> throw new IllegalArgumentException("the server has no call \"" + name + "\"");
            }
        });
    }

    /// Answers a call that comes while a program is imported, before it has workers.
    ///
    /// @param owner of the locks that it takes, until [#ended]
    void callOfImport(Object owner, int id, ByteBuf payload, Replies replies) {
        call(owner, id, payload, replies, (name, arguments, answer) -> {
            throw new IllegalArgumentException("uwsgi." + name + " isn't possible during the import");
        });
    }

    /// Answers what isn't about the cache or a lock.
    @FunctionalInterface
    private interface Others {
        void answer(String name, Arguments arguments, MarshalWriter answer);
    }

    private void call(Object owner, int id, ByteBuf payload, Replies replies, Others others) {
        MarshalWriter answer = new MarshalWriter(64);
        boolean wrong = false;
        try {
            if (!(MarshalReader.read(payload) instanceof List<?> values)) {
                throw new FrameException("a call is no tuple");
            }
            Arguments arguments = new Arguments(values);
            String name = arguments.text(0);
            if (name.equals("lock")) {
                locks.lock(
                        arguments.number(1),
                        owner,
                        () -> replies.reply(id, new MarshalWriter(1).none().toByteArray(), false));
                return;
            }
            answer(name, arguments, owner, answer, others);
        } catch (ClassCastException | IllegalArgumentException | ArithmeticException | FrameException e) {
            answer = new MarshalWriter(64).text(String.valueOf(e.getMessage()));
            wrong = true;
        }
        replies.reply(id, answer.toByteArray(), wrong);
    }

    private void answer(String name, Arguments arguments, Object owner, MarshalWriter answer, Others others) {
        switch (name) {
            case "cache_get" -> {
                byte @Nullable [] value = cache.get(arguments.text(1), arguments.text(2));
                if (value == null) {
                    answer.none();
                } else {
                    answer.bytes(value);
                }
            }
            case "cache_set" ->
                answer.bool(cache.set(
                        arguments.text(1),
                        arguments.text(2),
                        arguments.bytes(3),
                        arguments.seconds(4),
                        arguments.text(5).equals("update")));
            case "cache_del" -> answer.bool(cache.delete(arguments.text(1), arguments.text(2)));
            case "cache_exists" -> answer.bool(cache.exists(arguments.text(1), arguments.text(2)));
            case "cache_add_number" ->
                answer.integer(
                        cache.add(arguments.text(1), arguments.text(2), arguments.number(3), arguments.seconds(4)));
            case "cache_clear" -> {
                cache.clear(arguments.text(1));
                answer.bool(true);
            }
            case "unlock" -> {
                locks.unlock(arguments.number(1), owner);
                answer.none();
            }
            case "is_locked" -> answer.bool(locks.isLocked(arguments.number(1)));
            default -> others.answer(name, arguments, answer);
        }
    }

    // Zero seconds take the limit back.
    private static void userHarakiri(Fleet fleet, Worker worker, int id, Duration limit) {
        Call call = worker.running(id);
        if (call == null) {
            return;
        }
        int number = call.newLimit();
        if (limit.isPositive()) {
            fleet.later(limit, () -> {
                if (call.isUnder(number)) {
                    call.deliver(new Reply.Overtime());
                    worker.cancel(call, true);
                }
            });
        }
    }

    /// A worker, or an import, has ended: its locks are free again.
    void ended(Object owner) {
        locks.ended(owner);
    }
}
