package dev.loomgate.server.connection;

import io.netty.channel.Channel;

/// What is spoken on a listener's connections, on one loop.
public interface ConnectionFactory {
    /// The loop that gets the connections.
    ServerLoop serverLoop();

    /// The handler of an accepted channel. Any loop's thread.
    Connection connection(Channel channel);
}
