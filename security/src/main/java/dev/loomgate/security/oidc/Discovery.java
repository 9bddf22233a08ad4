package dev.loomgate.security.oidc;

import dev.loomgate.security.jwt.JwksSettings;
import dev.loomgate.security.jwt.JwtKeys;
import dev.loomgate.security.jwt.JwtVerifier;
import dev.loomgate.security.remote.Remote;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Finds a provider's document, and keeps it. One request fetches it, and the others wait for that one.
final class Discovery {
    private static final Logger LOGGER = System.getLogger(Discovery.class.getName());

    private final URI issuer;
    private final String clientId;
    private final List<String> algorithms;
    private final JwksSettings settings;
    private final Remote document;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Kept kept;
    private final AtomicInteger failures = new AtomicInteger();

    /// @param until by System.nanoTime
    private record Kept(Metadata metadata, JwtVerifier verifier, long until) {
        boolean isFresh() {
            return System.nanoTime() - until < 0;
        }
    }

    /// @throws IllegalArgumentException if the algorithms are none for public keys
    Discovery(URI issuer, String clientId, List<String> algorithms, JwksSettings settings) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.algorithms = algorithms;
        this.settings = settings;
        document = new Remote(location(issuer), settings.timeout(), settings.maxBytes());
        // Wrong algorithms are found at the start, not at the first login.
        verifier(issuer);
    }

    // OpenID Connect Discovery 1.0 section 4.1.
    private static URI location(URI issuer) {
        String name = issuer.toString();
        return URI.create((name.endsWith("/") ? name : name + "/") + ".well-known/openid-configuration");
    }

    private JwtVerifier verifier(URI keys) {
        return JwtVerifier.of(
                JwtKeys.at(keys, settings, algorithms.toArray(String[]::new)), issuer.toString(), clientId);
    }

    /// @throws ServiceUnavailable if there is none
    Metadata metadata() {
        return kept().metadata();
    }

    /// What verifies the provider's tokens, with its keys.
    ///
    /// @throws ServiceUnavailable if there is no document
    JwtVerifier verifier() {
        return kept().verifier();
    }

    private Kept kept() {
        Kept now = kept;
        if (now != null && now.isFresh()) {
            return now;
        }
        int before = failures.get();
        lock.lock();
        try {
            now = kept;
            if (now != null && now.isFresh()) {
                return now;
            }
            if (failures.get() != before) {
                // It was fetched in vain while this one waited.
                throw unavailable();
            }
            Kept fetched = fetch(now);
            kept = fetched;
            return fetched;
        } finally {
            lock.unlock();
        }
    }

    private Kept fetch(@Nullable Kept last) {
        String failure;
        try {
            Metadata metadata = Metadata.of(document.document(), issuer);
            // The verifier has the keys: they stay while they are at the same place.
            JwtVerifier verifier = last != null && last.metadata().keys().equals(metadata.keys())
                    ? last.verifier()
                    : verifier(metadata.keys());
            return new Kept(metadata, verifier, after(settings.lifetime()));
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            failure = document.url() + ": " + e.getMessage();
        }
        LOGGER.log(Level.WARNING, "the document of an OpenID provider can''t be used: {0}", failure);
        if (last == null) {
            failures.incrementAndGet();
            throw unavailable();
        }
        return new Kept(last.metadata(), last.verifier(), after(settings.pause()));
    }

    private static long after(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    private static ServiceUnavailable unavailable() {
        return new ServiceUnavailable("The provider that logs people in here is not available.");
    }
}
