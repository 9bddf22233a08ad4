package dev.loomgate.server.tls;

import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import io.netty.channel.Channel;
import java.util.Map;

/// TLS, and behind it the protocol that the client has agreed to (ALPN, RFC 7301).
public final class TlsConnectionFactory implements ConnectionFactory {
    private final Limits limits;
    private final Certificates certificates;
    private final Map<String, ConnectionFactory> protocols;
    private final ConnectionFactory otherwise;

    /// @param limits those of the protocols
    /// @param protocols by their names in ALPN, as the certificates were loaded for; of one loop
    /// @param otherwise for a client that names none
    public TlsConnectionFactory(
            Limits limits,
            Certificates certificates,
            Map<String, ConnectionFactory> protocols,
            ConnectionFactory otherwise) {
        this.limits = limits;
        this.certificates = certificates;
        this.protocols = Map.copyOf(protocols);
        this.otherwise = otherwise;
    }

    @Override
    public ServerLoop serverLoop() {
        return otherwise.serverLoop();
    }

    @Override
    public void open(Channel channel) {
        TlsHandshake handshake = new TlsHandshake(serverLoop(), channel, limits, protocols, otherwise);
        channel.pipeline().addLast(new ClientHello(certificates, handshake), handshake);
    }
}
