package dev.loomgate.cli.acme;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.shredzone.acme4j.util.CSRBuilder;
import org.shredzone.acme4j.util.CertificateUtils;
import org.shredzone.acme4j.util.KeyPairUtils;

/// Keys and certificates in their files: whole or not at all, and for their owner alone. May block.
final class AcmeFiles {
    private static final int DNS_NAME = 2; // RFC 5280 section 4.2.1.6
    // Who issues what nobody trusts.
    private static final String NOBODY = "CN=Loomgate placeholder";
    private static final int RSA_BITS = 2048;
    private static final String CURVE = "secp256r1";

    static {
        // acme4j's helpers for keys ask for it by name.
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider());
        }
    }

    private AcmeFiles() {}

    @FunctionalInterface
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /// A new key.
    static KeyPair newKey() {
        return KeyPairUtils.createECKeyPair(CURVE);
    }

    /// A new key that acme4j's helpers can sign with, which know RSA alone.
    static KeyPair newSigningKey() {
        return KeyPairUtils.createKeyPair(RSA_BITS);
    }

    /// The key in the file; a new one, which is written there, if there is no such file.
    static KeyPair key(Path file) throws IOException {
        if (Files.exists(file)) {
            return KeyPairUtils.readKeyPair(new StringReader(Files.readString(file)));
        }
        KeyPair made = newKey();
        write(file, out -> KeyPairUtils.writeKeyPair(made, out));
        return made;
    }

    /// Replaces the file.
    static void write(Path file, Content content) throws IOException {
        StringWriter text = new StringWriter();
        content.writeTo(text);
        Files.createDirectories(
                file.toAbsolutePath().getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = Files.createTempFile(file.toAbsolutePath().getParent(), ".next-", "");
        try {
            Files.writeString(next, text.toString());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /// The certificate that an authority has issued for all these names; empty if there is none, or the one in the file
    /// is only in its place.
    static Optional<X509Certificate> issued(Path chain, List<String> names) throws IOException {
        return certificate(chain)
                .filter(found -> !found.getIssuerX500Principal().equals(new X500Principal(NOBODY)))
                .filter(found -> names(found).containsAll(names));
    }

    /// The first certificate in the file; empty if there is none.
    static Optional<X509Certificate> certificate(Path chain) throws IOException {
        if (!Files.exists(chain)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(chain)) {
            return Optional.of(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static Set<String> names(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return names;
        }
        if (alternatives != null) {
            for (List<?> each : alternatives) {
                if (each.getFirst() instanceof Integer kind && kind == DNS_NAME) {
                    names.add((String) each.get(1));
                }
            }
        }
        return names;
    }

    /// Puts a certificate there that nobody trusts.
    static void selfIssued(Path chain, Path key, List<String> names, Duration life) throws IOException {
        KeyPair pair = newKey();
        CSRBuilder request = new CSRBuilder();
        request.addDomains(names);
        request.sign(pair);
        KeyPair authority = newSigningKey();
        Instant now = Instant.now();
        X509Certificate own = CertificateUtils.createTestCertificate(
                request.getCSR(),
                now.minus(Duration.ofHours(1)),
                now.plus(life),
                CertificateUtils.createTestRootCertificate(
                        NOBODY, now.minus(Duration.ofHours(1)), now.plus(life), authority),
                authority.getPrivate());
        write(key, out -> KeyPairUtils.writeKeyPair(pair, out));
        write(chain, out -> out.write(pem(own)));
    }

    private static String pem(X509Certificate certificate) throws IOException {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException e) {
            throw new IOException("the certificate can't be encoded", e);
        }
    }
}
