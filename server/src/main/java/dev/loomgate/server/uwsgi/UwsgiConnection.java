package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.cgi.Refused.Language;
import dev.loomgate.server.packet.PacketConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// A uwsgi connection: one packet, its body, one response in plain HTTP, and the end. Loop side only.
final class UwsgiConnection extends PacketConnection {
    private @Nullable BegunRequest uncalled;

    /// @param runsAlready the connection's request, which a process has begun; null as a rule
    UwsgiConnection(UwsgiConnectionFactory protocol, Channel channel, @Nullable BegunRequest runsAlready) {
        super(protocol, channel, new UwsgiDecoder(protocol.limits()), Language.HTTP);
        this.uncalled = runsAlready;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        super.channelInactive(ctx);
        notBegun();
    }

    @Override
    protected @Nullable BegunRequest runsAlready() {
        BegunRequest request = uncalled;
        uncalled = null; // its microthread calls it
        return request;
    }

    // nginx passes on what a client sends by its Upgrade, and what it gets after a 101.
    @Override
    protected boolean mayGoOnAsWebSocket() {
        return true;
    }

    /// The request that a process has begun isn't called any more.
    @Override
    protected void notBegun() {
        BegunRequest request = uncalled;
        if (request != null) {
            uncalled = null;
            request.unwanted();
        }
    }
}
