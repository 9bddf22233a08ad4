package dev.loomgate.server.connection;

import io.netty.channel.Channel;

/// What is spoken on a listener's connections, on one loop.
public interface ConnectionFactory {
    /// The loop that gets the connections.
    ServerLoop serverLoop();

    /// Puts what speaks the protocol into the pipeline of an accepted channel, which isn't registered yet: a
    /// [Connection] at its end, and before it whatever bytes pass through on their way. Any loop's thread.
    void open(Channel channel);
}
