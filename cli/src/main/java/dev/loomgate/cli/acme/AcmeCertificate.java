package dev.loomgate.cli.acme;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.Server;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.util.KeyPairUtils;

/// A certificate from an ACME authority: got when there is none, and once more when two thirds of its time are over. A
/// failure is tried again, after a minute first, twice as long each time, at most after twelve hours: the authorities
/// count.
///
/// It puts the files in place; the server finds that they have changed. Used by one thread; [#wrap]'s
/// application by the server's.
public final class AcmeCertificate implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private static final String CHALLENGES = "/.well-known/acme-challenge/"; // RFC 8555 section 8.3
    private static final int HTTPS_PORT = 443;
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(12);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PLACEHOLDER = Duration.ofDays(30);
    private static final double USED = 2.0 / 3;

    private final AcmeSettings settings;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private @Nullable Thread thread;

    /// Does nothing yet.
    ///
    /// @param settings with at least one domain
    public AcmeCertificate(AcmeSettings settings) {
        this.settings = settings;
    }

    /// Makes sure that there are files to begin with: the certificate that is there, or one that nobody trusts.
    ///
    /// @return the directory, and what is in it
    /// @throws IOException if they can't be written; the message is a line for the operator
    public List<Path> prepare() throws IOException {
        try {
            if (!Files.exists(settings.chain()) || !Files.exists(settings.key())) {
                // So that HTTPS can be listened for from the start.
                AcmeFiles.selfIssued(settings.chain(), settings.key(), settings.domains(), PLACEHOLDER);
            }
        } catch (IOException e) {
            throw new IOException(
                    "%s: the certificate's files can't be written (--acme-state): %s".formatted(settings.state(), e),
                    e);
        }
        return Stream.of(settings.state(), settings.chain(), settings.key(), settings.accountKey())
                .filter(Files::exists)
                .toList();
    }

    /// The application, and before it what an authority asks for by HTTP.
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            String path = environ.path();
            String answer = path.startsWith(CHALLENGES) ? tokens.get(path.substring(CHALLENGES.length())) : null;
            if (answer == null) {
                return inner.call(environ, startResponse);
            }
            startResponse.start(Status.OK, Headers.of("Content-Type", "application/octet-stream"));
            return Body.text(answer);
        });
    }

    /// Gets certificates from now on.
    public void start(Server server) {
        thread = Thread.ofPlatform().daemon().name("loomgate-acme").start(() -> run(server));
    }

    private void run(Server server) {
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                try {
                    Duration rest = untilDue();
                    if (rest.isPositive()) {
                        Thread.sleep(rest);
                    }
                    order(server);
                    pause = FIRST_PAUSE;
                } catch (AcmeException | IOException | RuntimeException e) {
                    LOG.log(
                            Level.ERROR,
                            "acme: no certificate for {0} from {1} (--acme-server), tried again in {2} s: {3}",
                            settings.domains().getFirst(),
                            settings.directory(),
                            pause.toSeconds(),
                            reason(e));
                    Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 10)));
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            // The server stops.
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        String message = String.valueOf(failure.getMessage());
        return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
                ? message
                : message + ": " + cause.getMessage();
    }

    // How long the certificate is good for yet: zero or less if there is none.
    private Duration untilDue() throws IOException {
        Optional<X509Certificate> current = AcmeFiles.issued(settings.chain(), settings.domains());
        if (current.isEmpty()) {
            return Duration.ZERO;
        }
        Instant from = current.get().getNotBefore().toInstant();
        Duration life = Duration.between(from, current.get().getNotAfter().toInstant());
        Instant due = from.plusMillis((long) (life.toMillis() * USED));
        return Duration.between(Instant.now(), due);
    }

    private void order(Server server) throws AcmeException, IOException, InterruptedException {
        Session session = new Session(settings.directory());
        AccountBuilder builder =
                new AccountBuilder().agreeToTermsOfService().useKeyPair(AcmeFiles.key(settings.accountKey()));
        settings.email().ifPresent(builder::addEmail);
        Account account = builder.create(session);
        Order order = account.newOrder().domains(settings.domains()).create();
        for (Authorization each : order.getAuthorizations()) {
            prove(each, server);
        }
        order.waitUntilReady(PATIENCE);
        KeyPair key = AcmeFiles.newKey();
        order.execute(key);
        order.waitForCompletion(PATIENCE);
        org.shredzone.acme4j.Certificate certificate = order.getCertificate();
        AcmeFiles.write(settings.key(), out -> KeyPairUtils.writeKeyPair(key, out));
        AcmeFiles.write(settings.chain(), certificate::writeCertificate);
        LOG.log(
                Level.INFO,
                "acme: a certificate for {0} is there, good until {1}",
                String.join(", ", settings.domains()),
                certificate.getCertificate().getNotAfter().toInstant());
    }

    private void prove(Authorization authorization, Server server)
            throws AcmeException, IOException, InterruptedException {
        if (authorization.getStatus() == org.shredzone.acme4j.Status.VALID) {
            return;
        }
        String name = authorization.getIdentifier().getDomain();
        boolean byTls = isByTls(server);
        Challenge challenge = (byTls
                        ? authorization.findChallenge(TlsAlpn01Challenge.class)
                        : authorization.findChallenge(Http01Challenge.class))
                .orElseThrow(() -> new IOException("the authority offers no challenge %s for %s (--acme-challenge)"
                        .formatted(byTls ? TlsAlpn01Challenge.TYPE : Http01Challenge.TYPE, name)));
        try {
            switch (challenge) {
                case TlsAlpn01Challenge tls -> {
                    KeyPair key = AcmeFiles.newSigningKey();
                    server.answerChallenge(
                            name, tls.createCertificate(key, authorization.getIdentifier()), key.getPrivate());
                }
                case Http01Challenge http -> tokens.put(http.getToken(), http.getAuthorization());
                default -> throw new IllegalStateException("not asked for: " + challenge);
            }
            challenge.trigger();
            if (authorization.waitForCompletion(PATIENCE) != org.shredzone.acme4j.Status.VALID) {
                challenge.fetch();
                throw new IOException("the authority hasn't found %s here: %s"
                        .formatted(
                                name,
                                challenge.getError().map(Problem::toString).orElse("it doesn't say why")));
            }
        } finally {
            if (challenge instanceof Http01Challenge http) {
                tokens.remove(http.getToken());
            } else {
                server.endChallenge(name);
            }
        }
    }

    private boolean isByTls(Server server) {
        return switch (settings.challenge()) {
            case HTTP_01 -> false;
            case TLS_ALPN_01 -> true;
            case AUTO ->
                server.addresses().stream()
                        .filter(address -> address.protocol() == Protocol.HTTPS)
                        .map(ListenAddress::place)
                        .anyMatch(place -> place instanceof Place.Tcp tcp && tcp.port() == HTTPS_PORT);
        };
    }

    /// Gets no more.
    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
