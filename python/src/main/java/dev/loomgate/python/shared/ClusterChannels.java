package dev.loomgate.python.shared;

import dev.loomgate.python.ChannelLimits;
import dev.loomgate.python.ProgramChannels;
import dev.loomgate.python.SharedOptions.ChannelsWhenGone;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The channel layer of all servers that have a program: [SharedChannels] of this one, and what goes through the store.
///
/// ```text
/// group_send          all servers that have members in the group, this one as well: so all have the same order
/// send to a process   its server, where that isn't this one
/// send without a `!`  the store, which tells the servers where somebody waits
/// ```
/// What takes effect in the store gives a future, which ends on the loop side. While the store is gone, the layer is
/// that of this server alone, or says so ([ChannelsWhenGone]). Loop side only, except for what the store calls.
public final class ClusterChannels implements ProgramChannels.Listener, ChannelInterest {
    private static final int MOST_FULL = 10_000;
    private static final long FULL_NANOS = 500_000_000L;

    private final SharedChannels here;
    private final ProgramChannels store;
    private final ChannelsWhenGone whenGone;
    private final Outside outside;
    private final LongSupplier nanos;

    // Open channels whose messages are being fetched, and those of them that may have more.
    private final Set<String> fetching = new HashSet<>();
    private final Set<String> more = new HashSet<>();

    // Channels of other servers that were full, and until when that is believed.
    private final Map<String, Long> full = new LinkedHashMap<>();

    // Of the store's thread, which must not fill the memory while the loop is held up.
    private final Queue<Runnable> heard = new ArrayDeque<>(); // by itself
    private long heardBytes; // by heard
    private int missed; // by heard

    private ClusterChannels(
            SharedChannels here,
            ProgramChannels store,
            ChannelsWhenGone whenGone,
            Outside outside,
            LongSupplier nanos) {
        this.here = here;
        this.store = store;
        this.whenGone = whenGone;
        this.outside = outside;
        this.nanos = nanos;
    }

    /// Begins to hear what other servers say. Waits for the store, for a moment.
    public static ClusterChannels start(
            SharedChannels here,
            ProgramChannels store,
            ChannelsWhenGone whenGone,
            Outside outside,
            LongSupplier nanos) {
        ClusterChannels made = new ClusterChannels(here, store, whenGone, outside, nanos);
        here.tell(made);
        store.start(made);
        return made;
    }

    // ---- what the program asks for

    /// A process has members in a group.
    public CompletableFuture<Void> join(ChannelProcess process, String group) {
        here.join(process, group);
        return done(store.listen(group), () -> {});
    }

    /// Puts a message into a channel.
    ///
    /// @return false if it is full
    public CompletableFuture<Boolean> send(String channel, byte[] content, ChannelLimits limits) {
        if (SharedChannels.isOpen(channel)) {
            return asked(() -> store.put(channel, content, limits), () -> here.put(channel, content, limits))
                    .thenApply(here::sent);
        }
        if (!here.isElsewhere(channel)) {
            return CompletableFuture.completedFuture(here.send(channel, content, limits));
        }
        if (isFull(channel)) {
            return CompletableFuture.completedFuture(here.sent(false));
        }
        return done(() -> store.send(SharedChannels.server(channel), channel, content, limits), () -> here.told(1, 0))
                .thenApply(nothing -> here.sent(true));
    }

    private boolean isFull(String channel) {
        Long until = full.get(channel);
        if (until == null) {
            return false;
        }
        if (until - nanos.getAsLong() > 0) {
            return true;
        }
        full.remove(channel);
        return false;
    }

    /// Puts a channel that isn't the caller's own into a group.
    public CompletableFuture<Void> add(String group, String channel, ChannelLimits limits, Duration expiry) {
        Runnable ours = () -> here.add(group, channel, limits, expiry.toNanos());
        return SharedChannels.isOpen(channel)
                ? done(() -> store.add(group, channel, limits, expiry), ours)
                : change(group, channel, true, ours);
    }

    /// Puts one out of it.
    public CompletableFuture<Void> discard(String group, String channel) {
        Runnable ours = () -> here.discard(group, channel);
        if (SharedChannels.isOpen(channel)) {
            // It may be here from a time without a store.
            ours.run();
            return done(() -> store.discard(group, channel), () -> {});
        }
        return change(group, channel, false, ours);
    }

    private CompletableFuture<Void> change(String group, String channel, boolean added, Runnable ours) {
        if (here.isElsewhere(channel)) {
            return done(() -> store.change(SharedChannels.server(channel), group, channel, added), () -> {});
        }
        ours.run();
        return CompletableFuture.completedFuture(null);
    }

    /// Puts a message into all channels of a group that have room for it.
    public CompletableFuture<Void> sendToGroup(String group, byte[] content, long maxBytes) {
        here.sentToGroup();
        return asked(() -> store.sendToGroup(group, content, maxBytes), () -> {
                    here.deliver(group, content, maxBytes);
                    return 0;
                })
                .thenAccept(dropped -> here.told(dropped, 0));
    }

    /// Who got a message of an open channel didn't take it. It is here where the store is gone.
    public CompletableFuture<Void> giveBack(String channel, byte[] content, long leftNanos) {
        Runnable ours = () -> here.openChannels().giveBack(channel, content, leftNanos);
        return done(
                        () -> store.giveBack(
                                channel, new ProgramChannels.Message(content, Duration.ofNanos(leftNanos))),
                        ours)
                .exceptionally(failure -> {
                    ours.run();
                    return null;
                });
    }

    /// Empties a layer.
    public CompletableFuture<Void> flush(String layer, ChannelProcess asker, long number) {
        return done(() -> store.flush(layer), () -> {}).thenRun(() -> here.flush(layer, asker, number));
    }

    // ---- the store

    private CompletableFuture<Void> done(Runnable call, Runnable otherwise) {
        return asked(
                () -> {
                    call.run();
                    return null;
                },
                () -> {
                    otherwise.run();
                    return null;
                });
    }

    /// Calls the store.
    ///
    /// @param otherwise what is done while it is gone, on the loop side
    private <T extends @Nullable Object> CompletableFuture<T> asked(Supplier<T> call, Supplier<T> otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        CompletableFuture<T> answered = new CompletableFuture<>();
        outside.run(
                () -> {
                    try {
                        answer.complete(call.get());
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                },
                () -> {
                    // What was said before that answer comes first; it may have been handed over by another way.
                    hearAll();
                    if (!answer.isCompletedExceptionally()) {
                        answered.complete(answer.join());
                    } else if (whenGone == ChannelsWhenGone.LOCAL) {
                        answered.complete(otherwise.get());
                    } else {
                        answered.completeExceptionally(answer.exceptionNow());
                    }
                });
        return answered;
    }

    // ---- what somebody here is interested in

    @Override
    public void joined(String group) {
        store.listen(group);
    }

    @Override
    public void left(String group) {
        store.unlisten(group);
    }

    @Override
    public void waits(String channel) {
        store.await(channel);
        fetch(channel);
    }

    @Override
    public void waitsNoMore(String channel) {
        store.unawait(channel);
    }

    /// Fetches messages of an open channel as long as somebody waits for them.
    private void fetch(String channel) {
        if (!here.openChannels().isAwaited(channel)) {
            return;
        }
        if (!fetching.add(channel)) {
            more.add(channel);
            return;
        }
        // Without an answer there is no message: when the store is back, it is asked for all.
        this.<ProgramChannels.@Nullable Message>asked(() -> store.take(channel), () -> null)
                .whenComplete((message, failure) -> fetched(channel, message));
    }

    private void fetched(String channel, ProgramChannels.@Nullable Message message) {
        fetching.remove(channel);
        boolean hasMore = more.remove(channel) || message != null;
        if (message != null
                && !here.openChannels()
                        .hand(channel, message.content(), message.left().toNanos())) {
            giveBack(channel, message.content(), message.left().toNanos());
        }
        if (hasMore) {
            fetch(channel);
        }
    }

    // ---- what the store says, in its thread

    @Override
    public void toGroup(String group, byte[] content, long maxBytes) {
        hear(content.length, maxBytes, () -> here.deliver(group, content, maxBytes));
    }

    @Override
    public void toChannel(String channel, byte[] content, ChannelLimits limits, String from) {
        hear(content.length, limits.maxBytes(), () -> {
            if (!here.put(channel, content, limits)) {
                here.told(1, 0);
                store.tellFull(from, channel);
            }
        });
    }

    @Override
    public void changed(String group, String channel, boolean added) {
        hear(() -> {
            if (added) {
                here.addToProcess(group, channel);
            } else {
                here.discard(group, channel);
            }
        });
    }

    @Override
    public void full(String channel) {
        hear(() -> {
            full.put(channel, nanos.getAsLong() + FULL_NANOS);
            if (full.size() > MOST_FULL) {
                full.remove(full.keySet().iterator().next());
            }
        });
    }

    @Override
    public void arrived(String channel) {
        hear(() -> fetch(channel));
    }

    @Override
    public void flushed(String layer) {
        hear(() -> here.flush(layer, null, 0));
    }

    @Override
    public void back() {
        hear(() -> List.copyOf(here.openChannels().awaited()).forEach(this::fetch));
    }

    private void hear(Runnable task) {
        hear(0, Long.MAX_VALUE, task);
    }

    private void hear(int bytes, long mostBytes, Runnable task) {
        synchronized (heard) {
            if (heardBytes + bytes > mostBytes) {
                missed++;
                return;
            }
            heardBytes += bytes;
            heard.add(task);
            if (heard.size() > 1) {
                return;
            }
        }
        outside.onLoopSide(this::hearAll);
    }

    private void hearAll() {
        List<Runnable> all;
        int dropped;
        synchronized (heard) {
            all = new ArrayList<>(heard);
            heard.clear();
            heardBytes = 0;
            dropped = missed;
            missed = 0;
        }
        here.told(dropped, 0);
        all.forEach(Runnable::run);
    }
}
