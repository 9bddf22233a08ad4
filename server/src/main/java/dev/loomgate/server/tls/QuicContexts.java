package dev.loomgate.server.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// Makes what handshakes within QUIC (RFC 9001) are made with: QUIC has TLS's handshake, but not its records.
public interface QuicContexts {
    /// What is made of one certificate.
    ///
    /// @param chain the certificate first
    /// @param clientAuthorities whose certificates of clients are trusted
    /// @param clients whether they are asked for one
    /// @throws IOException if that can't be
    SslContext make(
            PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities, ClientAuth clients)
            throws IOException;
}
