package dev.loomgate.server.connection;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.exchange.ObservedRequest;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// A protocol that processes may speak in place of the server, until they hand a connection over.
public interface DirectConnectionFactory extends ConnectionFactory {
    /// As [#open], for a connection whose request runs already. It is called instead of the server's application, or is
    /// told that it is unwanted: when the connection ends before, or brings a request that is refused.
    void open(Channel channel, BegunRequest begun);

    /// As [#open], for a connection that a process has kept and gives up, on which nothing has begun: where it can,
    /// it ends with its next response, since the client's next one is to be a process's.
    default void openKept(Channel channel) {
        open(channel);
    }

    /// A request that a process has answered, as observers see it; null if the server would have refused it.
    /// Loop side.
    ///
    /// @param request as it came, with or without its body; of HTTP behind the
    ///     process's line
    @Nullable
    ObservedRequest answered(byte[] request);

    /// A request in which a process has died, as observers see it; null if too little of it is there, or if the server
    /// would have refused it. Loop side.
    ///
    /// @param request as it came, or its beginning, whatever follows
    @Nullable
    ObservedRequest lost(byte[] request);
}
