package dev.loomgate.server.proxy;

import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.connection.Handshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/// Reads the header of a peer that must send one, tells the connection's requests what it says, and lets the protocol
/// begin. A peer that sends none is closed: what it says of itself would be believed otherwise. Loop side only.
final class ProxyHandshake extends Handshake {
    private final ConnectionFactory protocol;
    private final ProxyHeaderDecoder decoder;

    ProxyHandshake(ConnectionFactory protocol, Channel channel, Limits limits) {
        super(protocol.serverLoop(), channel, limits);
        this.protocol = protocol;
        this.decoder = new ProxyHeaderDecoder(limits.maxHeaderBytes());
    }

    @Override
    protected String name() {
        return "proxy";
    }

    @Override
    protected void received(ByteBuf in) {
        boolean passedOn = false;
        try {
            switch (decoder.read(in)) {
                case ProxyHeader.Incomplete incomplete -> {}
                case ProxyHeader.Wrong(String why) ->
                    fail(why + " (" + serverLoop.options().nameOf("proxyProtocolFrom") + ")");
                case ProxyHeader.Complete header -> {
                    ConnectionFacts.Ends ends = header.ends();
                    if (ends != null) {
                        ConnectionFacts.tell(channel, ends);
                    }
                    open(protocol);
                    passedOn = in.isReadable();
                    if (passedOn) {
                        channel.pipeline().fireChannelRead(in);
                    }
                }
            }
        } finally {
            if (!passedOn) {
                in.release();
            }
        }
    }
}
