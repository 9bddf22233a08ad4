package dev.loomgate.server.tls;

import dev.loomgate.server.TlsOptions.CertificateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// A certificate with its key, as they stand in their files now, checked. May block: not for a loop.
///
/// @param chain the certificate first
/// @param names in lower case, as `www.example.org` or `*.example.org`; what the operator says, or what stands in
///     the certificate
/// @param ocspResponse in DER, to be stapled
/// @param clientAuthorities whose certificates of clients are trusted; none where they aren't asked for
record LoadedCertificate(
        CertificateFiles files,
        List<X509Certificate> chain,
        PrivateKey key,
        List<String> names,
        Optional<byte[]> ocspResponse,
        List<X509Certificate> clientAuthorities) {
    private static final int DNS_NAME = 2; // RFC 5280 section 4.2.1.6
    private static final int MAX_FILE_BYTES = 4 * 1024 * 1024;

    /// @param authorities for certificates of clients, where the files name none themselves
    /// @throws IOException if one can't be read, or makes no sense; the message is a line for the operator
    static LoadedCertificate of(CertificateFiles files, Optional<Path> authorities) throws IOException {
        List<X509Certificate> chain = certificates(files.chain());
        X509Certificate own = chain.getFirst();
        PrivateKey key = PrivateKeyFile.read(
                files.key(), new String(bytes(files.key()), StandardCharsets.ISO_8859_1), own.getPublicKey());
        Path response = files.chain().resolveSibling(files.chain().getFileName() + ".ocsp");
        Optional<Path> trusted = files.clientAuthorities().or(() -> authorities);
        List<String> names = files.names().isEmpty() ? namesIn(own) : files.names();
        return new LoadedCertificate(
                files,
                chain,
                key,
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
                Files.exists(response) ? Optional.of(bytes(response)) : Optional.empty(),
                trusted.isPresent() ? certificates(trusted.get()) : List.of());
    }

    /// The files that it is made of, as far as the options name them.
    static List<Path> watched(CertificateFiles files) {
        return List.of(
                files.chain(),
                files.key(),
                files.chain().resolveSibling(files.chain().getFileName() + ".ocsp"));
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        Collection<?> all;
        try {
            String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
            // A private key may stand in the same file, and text between them.
            StringBuilder pem = new StringBuilder();
            int from = text.indexOf("-----BEGIN CERTIFICATE-----");
            while (from >= 0) {
                int to = text.indexOf("-----END CERTIFICATE-----", from);
                if (to < 0) {
                    throw new IOException(file + ": a certificate in it has no end");
                }
                pem.append(text, from, to).append("-----END CERTIFICATE-----\n");
                from = text.indexOf("-----BEGIN CERTIFICATE-----", to);
            }
            all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(pem.toString().getBytes(StandardCharsets.ISO_8859_1)));
        } catch (CertificateException e) {
            throw new IOException(file + ": a certificate in it can't be read: " + e.getMessage(), e);
        }
        if (all.isEmpty()) {
            throw new IOException(file + ": there is no certificate in PEM in it");
        }
        return all.stream().map(X509Certificate.class::cast).toList();
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException(file + ": it is too long for a certificate or a key");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        }
    }

    private static List<String> namesIn(X509Certificate certificate) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> each : alternatives) {
                    if (each.get(0) instanceof Integer kind && kind == DNS_NAME) {
                        names.add((String) each.get(1));
                    }
                }
            }
            if (names.isEmpty()) {
                for (Rdn part :
                        new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        names.add(part.getValue().toString());
                    }
                }
            }
        } catch (CertificateException | InvalidNameException e) {
            throw new IOException("the certificate's names can't be read: " + e.getMessage(), e);
        }
        return names;
    }
}
