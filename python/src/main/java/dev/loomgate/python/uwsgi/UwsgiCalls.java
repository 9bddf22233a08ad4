package dev.loomgate.python.uwsgi;

import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.shared.CacheItems;
import dev.loomgate.python.shared.ClusterChannels;
import dev.loomgate.python.shared.Outside;
import dev.loomgate.python.shared.SharedCaches;
import dev.loomgate.python.shared.SharedChannels;
import dev.loomgate.python.shared.SharedLocks;
import dev.loomgate.python.shared.SharedMetrics;
import dev.loomgate.python.shared.SharedQueue;
import dev.loomgate.python.signals.ProgramSignals;
import dev.loomgate.python.snapshot.CacheSnapshot;
import dev.loomgate.python.snapshot.ChannelSnapshot;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.MarshalReader;
import dev.loomgate.python.wire.MarshalWriter;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a program asks of the server through the `uwsgi` module: caches, a queue, metrics, locks, signals, a
/// reload. Loop side only.
public final class UwsgiCalls implements AutoCloseable {
    private final @Nullable SharedStore store;
    private final CacheCalls caches;
    private final QueueCalls queue;
    private final MetricCalls metrics;
    private final SharedLocks locks = new SharedLocks();
    private final SharedChannels channels = new SharedChannels(newName(), System::nanoTime);
    private final ChannelCalls channelCalls = new ChannelCalls(channels);
    private final SharedOptions.@Nullable ChannelsWhenGone channelsWhenGone;
    private final Map<String, Answerer> offers = new HashMap<>();
    private final Map<String, LateAnswerer> late = new HashMap<>();
    private final Map<String, Outsider> outsiders = new HashMap<>();

    private Outside outside = new Outside() {
        @Override
        public void run(Runnable waiting, Runnable then) {
            waiting.run();
            then.run();
        }

        @Override
        public void onLoopSide(Runnable task) {
            task.run();
        }
    };

    private UwsgiCalls(SharedOptions shared, @Nullable SharedStore store) {
        this.store = store;
        SharedCaches all =
                new SharedCaches(shared.caches(), store, Runtime.getRuntime().maxMemory(), System::nanoTime);
        CacheItems.put(all, shared.items());
        caches = new CacheCalls(all);
        SharedOptions.Queue asked = shared.queue();
        queue = new QueueCalls(asked == null ? null : new SharedQueue(asked));
        metrics = new MetricCalls(new SharedMetrics(shared.metrics()));
        channelsWhenGone = shared.channels();
    }

    /// Reads files, and waits for a store that something is in.
    ///
    /// @param needsStore whether something is in the store that `shared` doesn't tell
    /// @throws IllegalArgumentException if a file or the store can't be used; the message says why
    public static UwsgiCalls open(SharedOptions shared, boolean needsStore) {
        @Nullable SharedStore store = Stores.open(shared, needsStore);
        try {
            return new UwsgiCalls(shared, store);
        } catch (IllegalArgumentException e) {
            if (store != null) {
                store.close();
            }
            throw e;
        }
    }

    // Of two servers no channel has the same name.
    private static String newName() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Has calls that wait made there, and begins to hear other servers. Before any process is started; waits for the
    /// store, for a moment.
    ///
    /// @param program the program's name
    public void begin(Outside place, String program) {
        outside = place;
        SharedStore there = store;
        if (there != null && channelsWhenGone != null) {
            channelCalls.share(ClusterChannels.start(
                    channels, there.channels(program, channels.server()), channelsWhenGone, place, System::nanoTime));
        }
    }

    /// The store, where something is in one.
    public Optional<SharedStore> store() {
        return Optional.ofNullable(store);
    }

    /// Runs what waits for the store there, too.
    public void runOutside(Runnable waiting, Runnable then) {
        outside.run(waiting, then);
    }

    /// Ends the connection to the store. Waits for a moment; after the last call.
    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }

    /// Where the reply to a call goes.
    @FunctionalInterface
    public interface Replies {
        /// @param id the call's own number
        /// @param wrong whether the payload is the message of a failure
        void reply(int id, byte[] payload, boolean wrong);
    }

    /// Answers the calls of one name.
    @FunctionalInterface
    public interface Answerer {
        /// @param answer where the value goes that the call has, exactly one
        /// @throws IllegalArgumentException if it can't be done; the message goes to the program
        void answer(Caller caller, CallArguments arguments, MarshalWriter answer);
    }

    /// Answers the calls of one name later. Loop side.
    @FunctionalInterface
    public interface LateAnswerer {
        /// @param reply gets what `answer` would have got, once, on the loop side
        void answer(CallArguments arguments, Consumer<MarshalWriter> reply);
    }

    /// Answers the calls of one name, and waits for somebody outside. Not on the loop side; several at a time.
    @FunctionalInterface
    public interface Outsider {
        /// @param answer where the value goes that the call has, exactly one
        /// @throws IllegalArgumentException if it can't be done, as `IllegalStateException`; the
        /// message goes to the program
        void answer(CallArguments arguments, MarshalWriter answer);
    }

    /// A worker, and what only it can do for its program.
    public interface Caller {
        /// The id of its process; 0 if nobody knows it.
        default long pid() {
            return 0;
        }

        /// Has the program reloaded.
        void reload();

        /// Sets a request a limit of its own.
        ///
        /// @param id the request's number in the worker
        /// @param limit from now on; zero takes the limit back
        void limitRequest(int id, Duration limit);

        /// The signals of the import that it belongs to.
        ProgramSignals signals();
    }

    /// Has the calls of this name answered so, whichever process they come from. Before any process is started.
    public void offer(String name, Answerer answerer) {
        offers.put(name, answerer);
    }

    /// The same, where the answer has to be looked for. A program that is being imported isn't answered.
    public void offerLate(String name, LateAnswerer answerer) {
        late.put(name, answerer);
    }

    /// Has the calls of this name answered so, those of a program that is being imported as well.
    /// Before any process is started.
    public void offerOutside(String name, Outsider answerer) {
        outsiders.put(name, answerer);
    }

    /// Answers a worker's call, now or, for a lock that is taken and what is offered so, later.
    ///
    /// @param caller whose locks are its own, until [#ended]
    /// @param id the call's own number, which its reply has, too
    public void call(Caller caller, int id, ByteBuf payload, Replies replies) {
        call(caller, caller.signals(), id, payload, replies, (name, arguments, answer) -> {
            switch (name) {
                case "reload" -> {
                    caller.reload();
                    answer.bool(true);
                }
                case "user_harakiri" -> {
                    caller.limitRequest((int) arguments.number(1), arguments.seconds(2));
                    answer.none();
                }
                default -> {
                    Answerer offered = offers.get(name);
                    if (offered == null) {
                        throw unknown(name);
                    }
                    offered.answer(caller, arguments, answer);
                }
            }
        });
    }

    /// Answers a call that comes while a program is imported, before it has workers.
    ///
    /// @param owner of the locks that it takes, until [#ended]
    /// @param signals of this import
    public void callOfImport(Object owner, ProgramSignals signals, int id, ByteBuf payload, Replies replies) {
        call(owner, signals, id, payload, replies, (name, arguments, answer) -> {
            throw new IllegalArgumentException("uwsgi." + name + " isn't possible during the import");
        });
    }

    /// Answers what isn't about what is shared, a lock or a signal.
    @FunctionalInterface
    private interface Others {
        void answer(String name, CallArguments arguments, MarshalWriter answer);
    }

    private void call(Object owner, ProgramSignals signals, int id, ByteBuf payload, Replies replies, Others others) {
        Answer answer = new Answer();
        try {
            if (!(MarshalReader.read(payload) instanceof List<?> values)) {
                throw new FrameException("a call is not a tuple");
            }
            CallArguments arguments = new CallArguments(values);
            String name = arguments.text(0);
            if (name.equals("lock")) {
                locks.lock(
                        arguments.number(1),
                        owner,
                        () -> replies.reply(id, new MarshalWriter(1).none().toByteArray(), false));
                return;
            }
            if (ChannelCalls.isOne(name) && owner instanceof Caller caller) {
                channelCalls.answer(name, arguments, caller, id, replies);
                return;
            }
            LateAnswerer later = owner instanceof Caller ? late.get(name) : null;
            if (later != null) {
                later.answer(arguments, value -> replies.reply(id, value.toByteArray(), false));
                return;
            }
            Outsider outsider = outsiders.get(name);
            if (outsider != null) {
                outside.run(
                        () -> answer.by(value -> outsider.answer(arguments, value)), () -> answer.sendTo(replies, id));
                return;
            }
            if (caches.waits(name, arguments)) {
                outside.run(
                        () -> answer.by(value -> caches.answer(name, arguments, value)),
                        () -> answer.sendTo(replies, id));
                return;
            }
            answer.by(value -> {
                if (SignalCalls.answer(name, arguments, owner, signals)) {
                    value.none();
                } else {
                    answer(name, arguments, owner, value, others);
                }
            });
        } catch (ClassCastException | IllegalArgumentException | FrameException e) {
            answer.by(value -> {
                throw e;
            });
        }
        answer.sendTo(replies, id);
    }

    private void answer(String name, CallArguments arguments, Object owner, MarshalWriter answer, Others others) {
        switch (name.substring(0, Math.max(name.indexOf('_'), 0))) {
            case "cache" -> caches.answer(name, arguments, answer);
            case "queue" -> queue.answer(name, arguments, answer);
            case "metric" -> metrics.answer(name, arguments, answer);
            default -> answerOther(name, arguments, owner, answer, others);
        }
    }

    private void answerOther(String name, CallArguments arguments, Object owner, MarshalWriter answer, Others others) {
        switch (name) {
            case "unlock" -> {
                locks.unlock(arguments.number(1), owner);
                answer.none();
            }
            case "is_locked" -> answer.bool(locks.isLocked(arguments.number(1)));
            default -> others.answer(name, arguments, answer);
        }
    }

    /// The caches that programs have used.
    public List<CacheSnapshot> caches() {
        return caches.snapshot();
    }

    /// The figures of its channel layers.
    public ChannelSnapshot channels() {
        return channels.counts();
    }

    /// The numbers of the locks that are held, with the ids of the processes that hold them; 0 for an import.
    public Map<Long, Long> locks() {
        Map<Long, Long> held = new HashMap<>();
        locks.owners().forEach((number, owner) -> held.put(number, owner instanceof Caller caller ? caller.pid() : 0L));
        return held;
    }

    static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("the server has no call \"" + name + "\"");
    }

    /// A worker, or an import, has ended: its locks are free again.
    public void ended(Object owner) {
        locks.ended(owner);
        channels.ended(owner);
    }
}
