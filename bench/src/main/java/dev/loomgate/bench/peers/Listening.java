package dev.loomgate.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Where a peer listens on 127.0.0.1, and whether behind TLS.
///
/// @param store the certificate and its key in PKCS 12, for TLS
public record Listening(int port, Optional<Path> store) {
    static final String PASSWORD = "hello";

    /// Without TLS.
    public static Listening plain(int port) {
        return new Listening(port, Optional.empty());
    }

    /// Behind TLS.
    public static Listening tls(int port, Path store) {
        return new Listening(port, Optional.of(store));
    }

    /// From a program's arguments.
    static Listening of(String[] args) {
        return switch (args.length) {
            case 1 -> plain(Integer.parseInt(args[0]));
            case 2 -> tls(Integer.parseInt(args[1]), Path.of(args[0]));
            default -> throw new IllegalArgumentException("usage: [STORE] PORT");
        };
    }

    /// What the JDK's engine takes.
    public static SSLContext context(Path store) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(store).getKeyManagers(), null, new SecureRandom());
        return context;
    }

    static KeyManagerFactory keys(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        return factory;
    }
}
