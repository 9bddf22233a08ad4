package dev.loomgate.server.websocket;

import java.util.function.IntConsumer;

/// A connection as far as it can be lent: what [OpenSocket] asks of the one that it is on. Loop side only.
public interface LentConnection {
    /// Whether it can ever be: a socket of this WebSocket alone, in the clear, on epoll.
    default boolean isDetachable() {
        return false;
    }

    /// Has nobody read or write the connection any more, since somebody else does.
    ///
    /// @param then called, maybe later, with its descriptor, which stays open until it is attached;
    ///     or with -1 where something is still to be sent, or it ends: then nothing has happened
    default void detach(IntConsumer then) {
        then.accept(-1);
    }

    /// Reads and writes it again.
    ///
    /// @param unwritten goes out first
    /// @param then called when that can be
    default void attach(byte[] unwritten, Runnable then) {
        throw new IllegalStateException("the connection wasn't lent");
    }
}
