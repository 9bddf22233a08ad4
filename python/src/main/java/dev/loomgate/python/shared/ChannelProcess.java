package dev.loomgate.python.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A process that receives from channels of its own: what has come for it and it hasn't taken yet. Used by one thread.
public final class ChannelProcess {
    private static final int OVERHEAD_BYTES = 64;
    private static final int MOST_AT_ONCE_BYTES = 512 << 10;

    private final String address;
    private final Queue<Parcel> pending = new ArrayDeque<>();
    private final Map<String, Integer> untaken = new HashMap<>();
    private final Set<String> full = new HashSet<>();
    private final Set<String> groups = new HashSet<>();
    private long pendingBytes;
    private @Nullable Consumer<List<Parcel>> poll;

    /// Something for a process. Names have their layer's in front.
    public sealed interface Parcel {
        /// A message for a channel of its own.
        record Message(String channel, byte[] content) implements Parcel {}

        /// One for all members that it has in a group.
        record ToGroup(String group, byte[] content) implements Parcel {}

        /// Another process has put one of its channels into a group, or out of it.
        record Membership(String group, String channel, boolean added) implements Parcel {}

        /// A layer is to be empty.
        ///
        /// @param number of the process' own request for that; 0 for another one's
        record Flush(String layer, long number) implements Parcel {}

        /// About how much memory it takes.
        default int bytes() {
            return OVERHEAD_BYTES
                    + switch (this) {
                        case Message message -> message.content().length;
                        case ToGroup message -> message.content().length;
                        case Membership membership -> membership.group().length();
                        case Flush _ -> 0;
                    };
        }
    }

    ChannelProcess(String address) {
        this.address = address;
    }

    /// What names of its channels have before the `!`.
    public String address() {
        return address;
    }

    Set<String> groups() {
        return groups;
    }

    long pendingBytes() {
        return pendingBytes;
    }

    /// It has taken all that it was given, and waits for more.
    ///
    /// @param taker gets it, at once if there is any
    public void poll(Consumer<List<Parcel>> taker) {
        poll = taker;
        deliver();
    }

    /// Whether there is room for so many bytes.
    boolean hasRoom(int bytes, long mostBytes) {
        return pendingBytes + bytes <= mostBytes;
    }

    void add(Parcel parcel) {
        pending.add(parcel);
        pendingBytes += parcel.bytes();
        deliver();
    }

    private void deliver() {
        Consumer<List<Parcel>> taker = poll;
        if (taker == null || pending.isEmpty()) {
            return;
        }
        poll = null;
        List<Parcel> some = new ArrayList<>();
        int bytes = 0;
        for (Parcel next = pending.peek(); next != null; next = pending.peek()) {
            if (!some.isEmpty() && bytes + next.bytes() > MOST_AT_ONCE_BYTES) {
                break;
            }
            bytes += next.bytes();
            some.add(pending.remove());
        }
        pendingBytes -= bytes;
        taker.accept(some);
    }

    /// Puts a message into one of its channels.
    ///
    /// @return false if so many are there that were sent so
    boolean send(String channel, byte[] content, int capacity, long mostBytes) {
        int there = untaken.getOrDefault(channel, 0);
        if (there >= capacity || full.contains(channel) || !hasRoom(content.length, mostBytes)) {
            return false;
        }
        untaken.put(channel, there + 1);
        add(new Parcel.Message(channel, content));
        return true;
    }

    /// Messages that were sent to one of its channels are there no longer.
    public void taken(String channel, int count) {
        untaken.computeIfPresent(channel, (name, there) -> there > count ? there - count : null);
    }

    /// Whether one of its channels takes no more.
    public void full(String channel, boolean isFull) {
        if (isFull) {
            full.add(channel);
        } else {
            full.remove(channel);
        }
    }
}
