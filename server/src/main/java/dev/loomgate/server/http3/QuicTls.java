package dev.loomgate.server.http3;

import dev.loomgate.server.tls.Certificates;
import dev.loomgate.server.tls.QuicContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// TLS 1.3 within QUIC, with the server's certificates: BoringSSL, as Netty's QUIC brings it. Without 0-RTT, whose
/// requests could be sent again by others.
public final class QuicTls implements QuicContexts {
    private volatile @Nullable Certificates certificates;

    /// Says where the certificates are that this has made contexts for. Once, before the first handshake.
    public void use(Certificates loaded) {
        certificates = loaded;
    }

    @Override
    public SslContext make(
            PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities, ClientAuth clients)
            throws IOException {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(
                        key, null, chain.toArray(X509Certificate[]::new))
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .earlyData(false)
                .sni(this::of);
        if (clients != ClientAuth.NONE) {
            builder.trustManager(clientAuthorities.toArray(X509Certificate[]::new))
                    .clientAuth(clients);
        }
        return builder.build();
    }

    private QuicSslContext of(@Nullable String name) {
        Certificates loaded = certificates;
        if (loaded == null) {
            throw new IllegalStateException("no certificates yet");
        }
        return (QuicSslContext) loaded.ofQuic(name);
    }

    /// For a handshake, until it is known which name the client asks for. Loop side.
    QuicSslEngine newEngine(ByteBufAllocator allocator) {
        return of(null).newEngine(allocator);
    }
}
