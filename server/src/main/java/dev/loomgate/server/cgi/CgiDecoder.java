package dev.loomgate.server.cgi;

import io.netty.buffer.ByteBuf;

/// Reads the one request's head of a connection, in whatever pieces it comes. Pure, and used up after one.
public interface CgiDecoder {
    /// Reads on. Takes bytes up to the head's end and not one more; after a refusal the rest is of no use.
    ///
    /// @throws IllegalStateException if it has made something else than [CgiMessage.Incomplete] already
    CgiMessage decode(ByteBuf in);

    /// What it means that the peer sends no more: nothing ([CgiMessage.Incomplete]) where not a byte has come, as load
    /// balancers do to see whether somebody listens, else a refusal.
    ///
    /// @throws IllegalStateException as for [#decode]
    CgiMessage end();

    /// How much has come, for log lines: `3 of 4 bytes of the packet's header`.
    String progress();
}
