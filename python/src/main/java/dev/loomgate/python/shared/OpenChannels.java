package dev.loomgate.python.shared;

import dev.loomgate.python.ChannelLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Channels that any process receives from: their messages, and who waits for one. Used by one thread.
public final class OpenChannels {
    private final LongSupplier nanos;
    private final ChannelCounts counts;
    private final Consumer<String> unread;
    private final Map<String, Open> channels = new LinkedHashMap<>();
    private ChannelInterest interest = ChannelInterest.none();
    private long bytes;

    /// A message, and until when it is good.
    private record Message(byte[] content, long untilNanos) {}

    /// Gets a message.
    @FunctionalInterface
    public interface Taker {
        /// @param content null if it has been told to wait no more
        /// @param leftNanos how long the message is good
        void take(byte @Nullable [] content, long leftNanos);
    }

    private record Waiting(Object owner, int id, Taker taker) {}

    /// One of them: it has messages, or somebody waits, or neither; never both.
    private static final class Open {
        private final Deque<Message> messages = new ArrayDeque<>();
        private final Deque<Waiting> waiting = new ArrayDeque<>();
    }

    /// @param unread told of a channel whose messages expire
    OpenChannels(LongSupplier nanos, ChannelCounts counts, Consumer<String> unread) {
        this.nanos = nanos;
        this.counts = counts;
        this.unread = unread;
    }

    void tell(ChannelInterest listener) {
        interest = listener;
    }

    int size() {
        return channels.size();
    }

    /// Whether somebody waits for a message.
    boolean isAwaited(String channel) {
        Open there = channels.get(channel);
        return there != null && !there.waiting.isEmpty();
    }

    /// The channels for whose messages somebody waits.
    List<String> awaited() {
        return channels.keySet().stream().filter(this::isAwaited).toList();
    }

    /// Gives a message to who has waited longest.
    ///
    /// @return false if nobody does
    boolean hand(String channel, byte[] content, long leftNanos) {
        Open there = channels.get(channel);
        Waiting first = there == null ? null : there.waiting.poll();
        if (there == null || first == null) {
            return false;
        }
        waitsNoMore(channel, there);
        removeIfUnused(channel, there);
        first.taker().take(content, leftNanos);
        return true;
    }

    private void waitsNoMore(String channel, Open there) {
        if (there.waiting.isEmpty()) {
            interest.waitsNoMore(channel);
        }
    }

    long bytes() {
        return bytes;
    }

    /// Puts a message into a channel, or gives it to who has waited longest.
    ///
    /// @return false if there is no room
    boolean send(String channel, byte[] content, ChannelLimits limits) {
        if (hand(channel, content, limits.expiryNanos())) {
            return true;
        }
        Open there = channels.get(channel);
        if (there != null) {
            expire(channel, there);
        } else if (channels.size() >= limits.maxChannels()) {
            return false;
        } else {
            there = new Open();
        }
        if (there.messages.size() >= limits.capacity() || bytes + content.length > limits.maxBytes()) {
            return false;
        }
        channels.put(channel, there);
        bytes += content.length;
        there.messages.add(new Message(content, nanos.getAsLong() + limits.expiryNanos()));
        return true;
    }

    /// Gives the oldest message, now or when there is one.
    ///
    /// @param owner who waits, until [#ended]
    /// @param id by which it may [#cancel]
    public void receive(Object owner, int id, String channel, Taker taker) {
        Open there = channels.computeIfAbsent(channel, name -> new Open());
        expire(channel, there);
        Message oldest = there.messages.poll();
        if (oldest == null) {
            there.waiting.add(new Waiting(owner, id, taker));
            if (there.waiting.size() == 1) {
                interest.waits(channel);
            }
            return;
        }
        bytes -= oldest.content().length;
        removeIfUnused(channel, there);
        taker.take(oldest.content(), oldest.untilNanos() - nanos.getAsLong());
    }

    /// Who waits doesn't any more. Does nothing if it has got a message.
    public void cancel(Object owner, int id) {
        for (Map.Entry<String, Open> each : channels.entrySet()) {
            Open there = each.getValue();
            for (Waiting waiting : there.waiting) {
                if (waiting.owner() == owner && waiting.id() == id) {
                    there.waiting.remove(waiting);
                    waitsNoMore(each.getKey(), there);
                    removeIfUnused(each.getKey(), there);
                    waiting.taker().take(null, 0);
                    return;
                }
            }
        }
    }

    /// Who got a message didn't take it: it is the first one again.
    public void giveBack(String channel, byte[] content, long leftNanos) {
        if (!hand(channel, content, leftNanos)) {
            bytes += content.length;
            channels.computeIfAbsent(channel, name -> new Open())
                    .messages
                    .addFirst(new Message(content, nanos.getAsLong() + leftNanos));
        }
    }

    /// It waits no more.
    void ended(Object owner) {
        channels.forEach((channel, there) -> {
            if (there.waiting.removeIf(waiting -> waiting.owner() == owner)) {
                waitsNoMore(channel, there);
            }
        });
        channels.values().removeIf(there -> there.waiting.isEmpty() && there.messages.isEmpty());
    }

    /// Takes out all messages of a layer.
    void clear(String prefix) {
        channels.forEach((channel, there) -> {
            if (channel.startsWith(prefix)) {
                there.messages.forEach(message -> bytes -= message.content().length);
                there.messages.clear();
            }
        });
        channels.values().removeIf(there -> there.waiting.isEmpty() && there.messages.isEmpty());
    }

    /// Takes out what has expired.
    void expire() {
        channels.forEach(this::expire);
        channels.values().removeIf(there -> there.waiting.isEmpty() && there.messages.isEmpty());
    }

    /// The same of these channels.
    void expire(Set<String> names) {
        for (String channel : List.copyOf(names)) {
            Open there = channels.get(channel);
            if (there != null) {
                expire(channel, there);
                removeIfUnused(channel, there);
            }
        }
    }

    private void expire(String channel, Open there) {
        long now = nanos.getAsLong();
        for (Message oldest = there.messages.peek();
                oldest != null && oldest.untilNanos() - now < 0;
                oldest = there.messages.peek()) {
            there.messages.remove();
            bytes -= oldest.content().length;
            counts.expired(1);
            unread.accept(channel);
        }
    }

    private void removeIfUnused(String channel, Open there) {
        if (there.messages.isEmpty() && there.waiting.isEmpty()) {
            channels.remove(channel);
        }
    }
}
