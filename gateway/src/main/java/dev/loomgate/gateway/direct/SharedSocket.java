package dev.loomgate.gateway.direct;

import org.jspecify.annotations.Nullable;

/// A listening socket of the server's, whose connections the processes of a [DirectApplication] take. Any thread;
/// nothing here waits.
public interface SharedSocket {
    /// Who takes connections.
    enum Takers {
        /// A process waits for one.
        FREE,
        /// All processes have requests, so the kernel's queue may be growing: the server accepts if it gets long.
        BUSY,
        /// No process will take one soon: the server accepts.
        NONE
    }

    /// The listening socket's descriptor. It does not block, and stays the server's.
    int descriptor();

    /// Whether it speaks HTTP, where connections go on after a response; else it speaks uwsgi.
    default boolean speaksHttp() {
        return false;
    }

    /// Who takes connections now. To be told some times a second, and at each change. [Takers#NONE] at first.
    void takenBy(Takers takers);

    /// A process doesn't serve this connection, or not alone: the server has it from now on, as if it had accepted it.
    ///
    /// @param descriptor of the connection; the server's from now on
    /// @param read the bytes that have been read from it
    /// @param begun the request that runs already, whose packet and body `read` is; null if nothing has begun
    void handOver(int descriptor, byte[] read, @Nullable BegunRequest begun);

    /// A process has answered a request.
    ///
    /// @param packet the request's packet, with or without its body; of HTTP a line and the head. The line is
    ///     `client port server port id`, with `-` for what there isn't, and the route behind it if there is one
    /// @param status of the response
    /// @param contentBytes of the response, without its head
    /// @param nanos that it took
    /// @param details null unless they are asked for
    void answered(byte[] packet, int status, long contentBytes, long nanos, @Nullable AnswerDetails details);

    /// A process has died inside a request, whose connection has ended with it: the proxy that sent the
    /// packet answers its client with a 502.
    ///
    /// @param packet the request's packet, or the beginning of it, whatever follows
    /// @param nanos that it took until then
    void lost(byte[] packet, long nanos);
}
