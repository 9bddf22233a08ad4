package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How TLS is spoken on listeners for HTTPS: with which certificates, and what clients must bring.
///
/// The files are read at the start, when [Server#reloadCertificates] is called, and some seconds after they have
/// changed. They are checked before they are used; what connections have had stays theirs.
///
/// @param certificates the first is for clients that name no server, or one that has none
/// @param directories of more certificates, by name: `example.org.crt` and `example.org.key`; for certificates of
///     clients `example.org.ca`. As uWSGI's `sni-dir`
/// @param clientAuthorities the authorities whose certificates of clients are trusted, in PEM; needed where any are
///     asked for
/// @param clientCertificates whether clients are asked for one, where there are authorities to check it with
/// @param versions of the protocol, `TLSv1.2` and `TLSv1.3`
/// @param ciphers what TLS 1.2 may use: names as IANA or OpenSSL gives them; none for a default, which has
///     forward secrecy and authenticated encryption throughout
/// @param engine what does the cryptography
public record TlsOptions(
        List<CertificateFiles> certificates,
        List<Path> directories,
        Optional<Path> clientAuthorities,
        ClientCertificates clientCertificates,
        List<String> versions,
        List<String> ciphers,
        Engine engine) {

    /// A certificate and its key, in PEM; with them an OCSP response to be stapled, if there is a file `CHAIN.ocsp`.
    ///
    /// @param chain the certificate, and after it those of the authorities between it and a root
    /// @param key not encrypted; may be the same file
    /// @param names that it is for, as `www.example.org` or `*.example.org`; none for those in the certificate
    /// @param clientAuthorities in place of the common ones
    public record CertificateFiles(Path chain, Path key, List<String> names, Optional<Path> clientAuthorities) {
        public CertificateFiles {
            names = List.copyOf(names);
        }

        /// For the names that stand in the certificate.
        public CertificateFiles(Path chain, Path key) {
            this(chain, key, List.of(), Optional.empty());
        }
    }

    /// Whether clients are asked for a certificate.
    public enum ClientCertificates {
        /// They aren't.
        NONE,
        /// They are; one that has none is served as well, one whose certificate isn't trusted is not.
        OPTIONAL,
        /// They are, and need one.
        REQUIRED
    }

    /// What does the cryptography.
    public enum Engine {
        /// BoringSSL where it can be loaded, else the JDK.
        AUTO,
        /// BoringSSL; without it the server doesn't start.
        OPENSSL,
        /// The JDK.
        JDK
    }

    /// @throws IllegalArgumentException if they don't go together; the message names the option
    public TlsOptions {
        certificates = List.copyOf(certificates);
        directories = List.copyOf(directories);
        versions = List.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        if (versions.isEmpty()) {
            throw new InvalidSetting("tlsVersions", "names none");
        }
        for (String version : versions) {
            if (!version.equals("TLSv1.2") && !version.equals("TLSv1.3")) {
                throw new InvalidSetting(
                        "tlsVersions", "has " + version + ", there are TLSv1.2 and TLSv1.3; older ones are broken");
            }
        }
        boolean some = clientAuthorities.isPresent()
                || !directories.isEmpty()
                || certificates.stream()
                        .anyMatch(each -> each.clientAuthorities().isPresent());
        if (clientCertificates != ClientCertificates.NONE && !some) {
            throw new InvalidSetting(
                    "clientCertificates",
                    "asks clients for certificates, but there are no authorities to check them with");
        }
    }

    /// One certificate, and the defaults.
    public static TlsOptions of(Path chain, Path key) {
        return builder().certificate(new CertificateFiles(chain, key)).build();
    }

    /// The default options, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Whether there is no certificate, nor a directory for some.
    public boolean hasNone() {
        return certificates.isEmpty() && directories.isEmpty();
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private List<CertificateFiles> certificates = List.of();
        private List<Path> directories = List.of();
        private Optional<Path> clientAuthorities = Optional.empty();
        private ClientCertificates clientCertificates = ClientCertificates.NONE;
        private List<String> versions = List.of("TLSv1.2", "TLSv1.3");
        private List<String> ciphers = List.of();
        private Engine engine = Engine.AUTO;

        private Builder() {}

        /// One more; the first is the one for clients that name no server.
        public Builder certificate(CertificateFiles files) {
            certificates =
                    Stream.concat(certificates.stream(), Stream.of(files)).toList();
            return this;
        }

        /// All of them, in place of those before.
        public Builder certificates(List<CertificateFiles> all) {
            certificates = all;
            return this;
        }

        public Builder directories(List<Path> all) {
            directories = all;
            return this;
        }

        /// @param authorities a file in PEM
        public Builder clientAuthorities(Path authorities) {
            clientAuthorities = Optional.of(authorities);
            return this;
        }

        public Builder clientCertificates(ClientCertificates asked) {
            clientCertificates = asked;
            return this;
        }

        /// @param all `TLSv1.2`, `TLSv1.3`
        public Builder versions(List<String> all) {
            versions = all;
            return this;
        }

        /// @param all none for the default
        public Builder ciphers(List<String> all) {
            ciphers = all;
            return this;
        }

        public Builder engine(Engine kind) {
            engine = kind;
            return this;
        }

        /// @throws IllegalArgumentException if they don't go together; the message names the option
        public TlsOptions build() {
            return new TlsOptions(
                    certificates, directories, clientAuthorities, clientCertificates, versions, ciphers, engine);
        }
    }
}
