package dev.loomgate.cli.acme;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What was asked for of an ACME authority.
///
/// @param domains names that one certificate is to be for; none where no authority is to be asked
/// @param email whom the authority may write to
/// @param directory where it is: its directory's URL, or a form that acme4j knows, as `acme://letsencrypt.org/staging`
/// @param state the directory in which account, keys and certificate are kept
/// @param challenge how the authority sees that the names are this server's
public record AcmeSettings(
        List<String> domains, Optional<String> email, URI directory, Path state, Challenge challenge) {
    /// How the authority sees that a name is this server's.
    public enum Challenge {
        /// By TLS where port 443 is listened on, else by HTTP.
        AUTO,
        /// It asks for a path by HTTP, on port 80 (RFC 8555 section 8.3).
        HTTP_01,
        /// It asks for a certificate by TLS, on port 443 (RFC 8737).
        TLS_ALPN_01
    }

    public AcmeSettings {
        domains = List.copyOf(domains);
    }

    /// Whether there is an authority to be asked.
    public boolean isWanted() {
        return !domains.isEmpty();
    }

    /// The certificate, and those of the authorities behind it.
    public Path chain() {
        return state.resolve(domains.getFirst() + ".crt");
    }

    /// Its key.
    public Path key() {
        return state.resolve(domains.getFirst() + ".key");
    }

    Path accountKey() {
        return state.resolve("account.key");
    }
}
