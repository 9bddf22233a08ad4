package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// An authority that issues certificates for tests, by OpenSSL's command, in a directory of its own.
///
/// ```java
/// CertificateAuthority authority = CertificateAuthority.in(directory);
/// Issued issued = authority.issue("server", "DNS:localhost,IP:127.0.0.1");
/// SSLContext trusting = authority.client();
/// ```
public final class CertificateAuthority {
    private final Path directory;
    private final Path certificate;
    private final Path key;

    private CertificateAuthority(Path directory, Path certificate, Path key) {
        this.directory = directory;
        this.certificate = certificate;
        this.key = key;
    }

    /// A certificate and its key, in PEM.
    public record Issued(Path chain, Path key) {}

    /// Makes an authority.
    ///
    /// @param directory exists
    public static CertificateAuthority in(Path directory) throws IOException, InterruptedException {
        Path certificate = directory.resolve("ca.crt");
        Path key = directory.resolve("ca.key");
        openssl(
                directory,
                List.of(
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/O=Loomgate/CN=An authority of tests",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString()));
        return new CertificateAuthority(directory, certificate, key);
    }

    /// The authority's own certificate, in PEM.
    public Path certificate() {
        return certificate;
    }

    /// Issues a certificate with an EC key.
    ///
    /// @param name of the files, and the common name
    /// @param alternatives as `DNS:localhost,IP:127.0.0.1`; empty for none
    public Issued issue(String name, String alternatives) throws IOException, InterruptedException {
        return issue(name, "/CN=" + name, alternatives, "EC");
    }

    /// Issues a certificate.
    ///
    /// @param file the name of its files
    /// @param subject as `/C=DE/CN=name`, in UTF-8
    /// @param alternatives as `DNS:localhost,IP:127.0.0.1`; empty for none
    /// @param algorithm `EC` or `RSA`
    public Issued issue(String file, String subject, String alternatives, String algorithm)
            throws IOException, InterruptedException {
        Path request = directory.resolve(file + ".csr");
        Path itsKey = directory.resolve(file + ".key");
        Path itsCertificate = directory.resolve(file + ".crt");
        List<String> making = new ArrayList<>(List.of("req", "-new", "-utf8", "-nodes", "-subj", subject, "-newkey"));
        making.addAll(
                algorithm.equals("RSA")
                        ? List.of("rsa:2048")
                        : List.of("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"));
        making.addAll(List.of("-keyout", itsKey.toString(), "-out", request.toString()));
        openssl(directory, making);
        List<String> signing = new ArrayList<>(List.of(
                "x509",
                "-req",
                "-days",
                "20",
                "-in",
                request.toString(),
                "-CA",
                certificate.toString(),
                "-CAkey",
                key.toString(),
                "-CAcreateserial",
                "-out",
                itsCertificate.toString()));
        if (!alternatives.isEmpty()) {
            Path extensions = directory.resolve(file + ".ext");
            Files.writeString(extensions, "subjectAltName=" + alternatives + "\n");
            signing.addAll(List.of("-extfile", extensions.toString()));
        }
        openssl(directory, signing);
        return new Issued(itsCertificate, itsKey);
    }

    /// Runs OpenSSL's command.
    ///
    /// @return what it writes
    /// @throws IOException if it fails, with what it says
    public static String openssl(Path directory, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        return said;
    }

    /// What a client trusts this authority with.
    public SSLContext client() throws IOException, GeneralSecurityException {
        return clientTrusting(null, certificate);
    }

    /// What a client trusts this authority with that has a certificate of its own.
    public SSLContext client(Issued own) throws IOException, GeneralSecurityException {
        return clientTrusting(own, certificate);
    }

    /// What a client trusts an authority with.
    ///
    /// @param own its own certificate, or null
    /// @param trustedAuthority in PEM
    public SSLContext clientTrusting(@Nullable Issued own, Path trustedAuthority)
            throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", read(trustedAuthority));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys(own), trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    private KeyManager[] keys(Issued own) throws IOException, GeneralSecurityException {
        Path store = directory.resolve(own.chain().getFileName() + ".p12");
        try {
            openssl(
                    directory,
                    List.of(
                            "pkcs12",
                            "-export",
                            "-passout",
                            "pass:secret",
                            "-in",
                            own.chain().toString(),
                            "-inkey",
                            own.key().toString(),
                            "-out",
                            store.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        return managers.getKeyManagers();
    }

    private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
