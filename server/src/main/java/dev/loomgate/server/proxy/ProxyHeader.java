package dev.loomgate.server.proxy;

import dev.loomgate.server.connection.ConnectionFacts.Ends;
import org.jspecify.annotations.Nullable;

/// What [ProxyHeaderDecoder] makes of the bytes that have come so far.
sealed interface ProxyHeader {
    /// More bytes must come.
    enum Incomplete implements ProxyHeader {
        INCOMPLETE
    }

    /// The header is complete; what follows is the protocol's.
    ///
    /// @param ends of the client's connection; null where the proxy speaks for itself (LOCAL, UNKNOWN, UNSPEC), so
    ///     that the connection's own are right
    record Complete(@Nullable Ends ends) implements ProxyHeader {}

    /// It is no header: why.
    record Wrong(String why) implements ProxyHeader {}
}
