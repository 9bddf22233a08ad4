package dev.loomgate.python.shared;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
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

    int size() {
        return channels.size();
    }

    long bytes() {
        return bytes;
    }

    /// Puts a message into a channel, or gives it to who has waited longest.
    ///
    /// @return false if there is no room
    boolean send(String channel, byte[] content, SharedChannels.Limits limits) {
        Open there = channels.get(channel);
        if (there != null) {
            Waiting first = there.waiting.poll();
            if (first != null) {
                removeIfUnused(channel, there);
                first.taker().take(content, limits.expiryNanos());
                return true;
            }
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
            return;
        }
        bytes -= oldest.content().length;
        removeIfUnused(channel, there);
        taker.take(oldest.content(), oldest.untilNanos() - nanos.getAsLong());
    }

    /// Who waits doesn't any more. Does nothing if it has got a message.
    public void cancel(Object owner, int id) {
        for (Iterator<Open> each = channels.values().iterator(); each.hasNext(); ) {
            Open there = each.next();
            for (Waiting waiting : there.waiting) {
                if (waiting.owner() == owner && waiting.id() == id) {
                    there.waiting.remove(waiting);
                    if (there.waiting.isEmpty() && there.messages.isEmpty()) {
                        each.remove();
                    }
                    waiting.taker().take(null, 0);
                    return;
                }
            }
        }
    }

    /// Who got a message didn't take it: it is the first one again.
    public void giveBack(String channel, byte[] content, long leftNanos) {
        Open there = channels.computeIfAbsent(channel, name -> new Open());
        Waiting first = there.waiting.poll();
        if (first == null) {
            bytes += content.length;
            there.messages.addFirst(new Message(content, nanos.getAsLong() + leftNanos));
        } else {
            removeIfUnused(channel, there);
            first.taker().take(content, leftNanos);
        }
    }

    /// It waits no more.
    void ended(Object owner) {
        channels.values().forEach(there -> there.waiting.removeIf(waiting -> waiting.owner() == owner));
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
