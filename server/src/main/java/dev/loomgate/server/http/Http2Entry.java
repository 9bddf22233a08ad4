package dev.loomgate.server.http;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.exchange.Scheme;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// How a connection of HTTP/1.1 becomes one of HTTP/2. One for a loop, loop side only.
public interface Http2Entry {
    /// A connection for a client that begins with HTTP/2's preface, which is still to be read (RFC 9113 section 3.3).
    Connection known(Channel channel, Scheme scheme);

    /// A connection whose first stream is a request that came by HTTP/1.1 (RFC 7540 section 3.2).
    ///
    /// @param settings the value of `HTTP2-Settings`
    /// @return null if they aren't valid: the request is answered by HTTP/1.1
    @Nullable
    Connection upgraded(Channel channel, Scheme scheme, String settings, Variables request, boolean headRequest);
}
