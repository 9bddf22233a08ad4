package dev.loomgate.server.tls;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.server.TlsOptions.ClientCertificates;
import dev.loomgate.server.TlsOptions.Engine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What handshakes with one certificate are made with. Any thread, until it is released.
final class ServerContext {
    // Mozilla's "intermediate" list for TLS 1.2, without the slow DHE: forward secrecy and AEAD throughout. TLS 1.3 has
    // no other ones.
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final List<String> CIPHERS = List.of(
            TLS_1_3.get(0),
            TLS_1_3.get(1),
            TLS_1_3.get(2),
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    // What the client must read before the socket is closed all the same.
    private static final long CLOSE_MILLIS = 1_000;

    static {
        // The JDK's engine lets a client of TLS 1.2 begin one handshake after another on a connection
        // (CVE-2011-1473) unless it is told not to, for the whole JVM, before the first handshake.
        // BoringSSL never does.
        String refuse = "jdk.tls.rejectClientInitiatedRenegotiation";
        if (System.getProperty(refuse) == null) {
            System.setProperty(refuse, "true");
        }
    }

    private final @Nullable LoadedCertificate certificate;
    private final SslContext context;
    private final @Nullable SslContext quic;

    private ServerContext(@Nullable LoadedCertificate certificate, SslContext context, @Nullable SslContext quic) {
        this.certificate = certificate;
        this.context = context;
        this.quic = quic;
    }

    /// @param protocols that may follow, the first is preferred; as ALPN names them
    /// @param quic null where it isn't spoken
    /// @throws IOException if that can't be; the message is a line for the operator
    static ServerContext of(
            LoadedCertificate certificate, TlsOptions options, List<String> protocols, @Nullable QuicContexts quic)
            throws IOException {
        SslContextBuilder builder = builder(certificate.chain(), certificate.key(), options, protocols);
        ClientAuth clients = clients(certificate, options);
        if (clients != ClientAuth.NONE) {
            builder.trustManager(certificate.clientAuthorities()).clientAuth(clients);
        }
        if (usesOpenSsl(options.engine()) && certificate.ocspResponse().isPresent()) {
            builder.enableOcsp(true);
        }
        SslContext made = null;
        try {
            made = builder.build();
            return new ServerContext(certificate, made, quic == null ? null : of(certificate, clients, quic));
        } catch (IOException | IllegalArgumentException e) {
            ReferenceCountUtil.release(made);
            throw new IOException(
                    "%s: TLS can't be spoken with it: %s"
                            .formatted(certificate.files().chain(), e.getMessage()),
                    e);
        }
    }

    private static SslContext of(LoadedCertificate certificate, ClientAuth clients, QuicContexts quic)
            throws IOException {
        return quic.make(certificate.key(), certificate.chain(), certificate.clientAuthorities(), clients);
    }

    /// For an authority that checks who has a name (RFC 8737).
    ///
    /// @throws IOException if that can't be
    static ServerContext ofChallenge(X509Certificate certificate, PrivateKey key, TlsOptions options)
            throws IOException {
        return new ServerContext(
                null,
                builder(List.of(certificate), key, options, List.of(AcmeOffer.PROTOCOL))
                        .build(),
                null);
    }

    private static SslContextBuilder builder(
            List<X509Certificate> chain, PrivateKey key, TlsOptions options, List<String> protocols) {
        return SslContextBuilder.forServer(key, chain)
                .sslProvider(usesOpenSsl(options.engine()) ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols(options.versions())
                .ciphers(ciphers(options), SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
    }

    private static List<String> ciphers(TlsOptions options) {
        List<String> named =
                options.ciphers().stream().filter(ServerContext::isCipher).toList();
        return named.isEmpty()
                ? CIPHERS
                : Stream.concat(TLS_1_3.stream(), named.stream()).toList();
    }

    /// Whether that is a cipher's name, as IANA or OpenSSL gives it, and not one of OpenSSL's words for
    /// several: `HIGH`.
    static boolean isCipher(String name) {
        return CipherSuiteConverter.toOpenSsl(name, false) != null || CipherSuiteConverter.toJava(name, "TLS") != null;
    }

    private static ClientAuth clients(LoadedCertificate certificate, TlsOptions options) {
        if (certificate.clientAuthorities().isEmpty() || options.clientCertificates() == ClientCertificates.NONE) {
            return ClientAuth.NONE;
        }
        return options.clientCertificates() == ClientCertificates.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    }

    private static boolean usesOpenSsl(Engine wanted) {
        if (wanted == Engine.OPENSSL && !OpenSsl.isAvailable()) {
            throw new InvalidSetting(
                    "tlsEngine",
                    "is openssl, but it can't be loaded here: "
                            + OpenSsl.unavailabilityCause().getMessage());
        }
        return wanted != Engine.JDK && OpenSsl.isAvailable();
    }

    LoadedCertificate certificate() {
        return Objects.requireNonNull(certificate, "a challenge's");
    }

    /// What a connection's bytes pass through. Its loop's thread.
    SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        // The server loop's deadlines are for all connections.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        if (certificate != null && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            certificate.ocspResponse().ifPresent(engine::setOcspResponse);
        }
        return handler;
    }

    /// What handshakes within QUIC are made with.
    SslContext quic() {
        return Objects.requireNonNull(quic, "QUIC isn't spoken");
    }

    /// No handler is made with it any more.
    void release() {
        ReferenceCountUtil.release(context);
        ReferenceCountUtil.release(quic);
    }
}
