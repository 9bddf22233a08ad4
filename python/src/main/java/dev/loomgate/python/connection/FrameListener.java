package dev.loomgate.python.connection;

import io.netty.buffer.ByteBuf;

/// Hears what a worker process sends. Called on the loop side; a payload is read before the method returns.
///
/// What a method throws ends the connection's trust: it comes back as [#unreadable].
public interface FrameListener {
    /// A frame has come on `data`.
    void dataFrame(int type, int flags, int id, ByteBuf payload);

    /// All frames on `data` that had come have been told.
    void dataComplete();

    /// A frame has come on `control`.
    void controlFrame(int type, int flags, int id, ByteBuf payload);

    /// A call has come on `call`, to be answered by [Connections#reply].
    ///
    /// @param id the call's own number
    void call(int id, ByteBuf payload);

    /// Nothing more will come on `data`, or a connection can't be made.
    ///
    /// @param how what has happened, as logs say it
    void ended(String how);

    /// What it sends makes no sense.
    void unreadable(Throwable cause);
}
