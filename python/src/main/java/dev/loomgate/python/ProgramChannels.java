package dev.loomgate.python;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A program's channel layer in a [SharedStore]: what its servers tell each other, and the channels that any process of
/// any server receives from (*open* ones, whose names have no `!`). Names have their layer's in front: `LAYER:CHANNEL`.
///
/// Calls wait, unless it says otherwise. One that can't be made now throws an `IllegalStateException`, whose message is
/// for the program: what it asked for may have been done, or not. Any thread.
public interface ProgramChannels {
    /// Hears what other servers say, and what this one says to all. Called by one thread, in the order of the store;
    /// must not wait.
    interface Listener {
        /// A message for all members of a group.
        ///
        /// @param maxBytes that may wait for a process
        void toGroup(String group, byte[] content, long maxBytes);

        /// A message for a channel of a process of this server.
        ///
        /// @param from the server that has sent it
        void toChannel(String channel, byte[] content, ChannelLimits limits, String from);

        /// Another server has put a channel of a process of this one into a group, or out of it.
        void changed(String group, String channel, boolean added);

        /// A channel of another server has had no room for a message.
        void full(String channel);

        /// There is something in an open channel that this server waits for.
        void arrived(String channel);

        /// A layer is to be empty.
        void flushed(String layer);

        /// The store is there again: what was said meanwhile is missed.
        void back();
    }

    /// A message of an open channel.
    ///
    /// @param left how long it is good
    record Message(byte[] content, Duration left) {}

    /// Has a listener told from now on, once.
    void start(Listener listener);

    // ---- groups

    /// Hears of messages for a group. Doesn't wait.
    ///
    /// @return waits until that is in effect
    Runnable listen(String group);

    /// Hears of them no more. Doesn't wait.
    void unlisten(String group);

    /// A message for all members of a group on all servers that listen, and in open channels. If this one listens, its
    /// [Listener] has been told.
    ///
    /// @return how many open channels had no room
    int sendToGroup(String group, byte[] content, long maxBytes);

    // ---- channels of processes

    /// A message for a channel of another server. One for a server that has ended is lost.
    void send(String server, String channel, byte[] content, ChannelLimits limits);

    /// Has another server put a channel of its own into a group, or out of it.
    void change(String server, String group, String channel, boolean added);

    /// Tells another server that a channel of this one is full. Doesn't wait.
    void tellFull(String server, String channel);

    // ---- open channels

    /// Puts a message into a channel.
    ///
    /// @return false if there is no room
    boolean put(String channel, byte[] content, ChannelLimits limits);

    /// Hears of [Listener#arrived]. Doesn't wait.
    void await(String channel);

    /// Hears of it no more. Doesn't wait.
    void unawait(String channel);

    /// The oldest message of a channel; null if there is none.
    @Nullable
    Message take(String channel);

    /// Nobody has taken it: it is the first one again.
    void giveBack(String channel, Message message);

    /// Puts an open channel into a group.
    ///
    /// @param expiry after which it leaves by itself
    void add(String group, String channel, ChannelLimits limits, Duration expiry);

    /// Puts it out of it.
    void discard(String group, String channel);

    // ---- all of it

    /// Empties a layer of its open channels, and has all other servers empty theirs.
    void flush(String layer);
}
