package dev.loomgate.cli.acme;

import dev.loomgate.server.TlsOptions.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A certificate for `localhost` that nobody trusts, for a look at a site by HTTPS. It is kept, so that a browser which
/// was told to go on asks no more.
public final class DevelopmentCertificate {
    private static final Duration LIFE = Duration.ofDays(365);
    private static final Duration SOON = Duration.ofDays(1);

    private DevelopmentCertificate() {}

    /// The one in the directory; made if there is none, or it is over. May block.
    ///
    /// @throws IOException if it can't be written; the message is a line for the operator
    public static CertificateFiles in(Path directory) throws IOException {
        Path chain = directory.resolve("localhost.crt");
        Path key = directory.resolve("localhost.key");
        try {
            if (!isGood(chain) || !Files.exists(key)) {
                AcmeFiles.selfIssued(chain, key, List.of("localhost"), LIFE);
            }
        } catch (IOException e) {
            throw new IOException("%s: a certificate for localhost can't be written: %s".formatted(directory, e), e);
        }
        return new CertificateFiles(chain, key);
    }

    private static boolean isGood(Path chain) throws IOException {
        return AcmeFiles.certificate(chain)
                .filter(found ->
                        found.getNotAfter().toInstant().isAfter(Instant.now().plus(SOON)))
                .isPresent();
    }
}
