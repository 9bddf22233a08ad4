package dev.loomgate.security.oidc;

import com.nimbusds.jwt.SignedJWT;
import dev.loomgate.security.jwt.JwtClaims;
import dev.loomgate.toolkit.Session;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a session has of logins: those that are on their way, and the one that is done.
///
/// ```
/// _oidc/oidc           {"token": ID token, "since": seconds}
/// _oidc/oidc STATE     {"nonce": ..., "verifier": ..., "to": "/me", "began": seconds}
/// ```
///
/// Each on its way is a value of its own, so that two pages that are opened at once don't undo each
/// other's.
///
/// @param path of the login's rules, which tells the logins of several providers apart
/// @param lifetime of a login that is done
record SessionLogins(String path, String issuer, String clientId, Duration lifetime, InstantSource clock) {
    private static final int MOST_ON_THEIR_WAY = 4;
    private static final Duration LONGEST_WAY = Duration.ofMinutes(15);

    /// A login on its way to the provider.
    ///
    /// @param nonce that the token will have
    /// @param verifier the secret of PKCE
    /// @param to where to go afterwards
    record Begun(String nonce, String verifier, String to) {}

    /// Somebody who is logged in.
    ///
    /// @param token the ID token as it came, verified then
    record Done(String token, JwtClaims claims) {}

    private String done() {
        return "_oidc" + path;
    }

    private String begun(String state) {
        return done() + " " + state;
    }

    /// Keeps a login that begins, in place of the oldest if there are several.
    void begin(Session session, String state, Begun begun) {
        List<String> others = session.names().stream()
                .filter(name -> name.startsWith(begun("")))
                .sorted(Comparator.comparingLong(name -> time(session, name, "began")))
                .toList();
        others.stream()
                .limit(Math.max(0, others.size() - MOST_ON_THEIR_WAY + 1))
                .forEach(session::remove);
        session.put(
                begun(state),
                Map.of(
                        "nonce", begun.nonce(),
                        "verifier", begun.verifier(),
                        "to", begun.to(),
                        "began", now()));
    }

    /// The login that began with this state; it is gone then. Empty if there is none, or it has taken
    /// too long.
    Optional<Begun> take(Session session, String state) {
        String name = begun(state);
        Optional<Map<?, ?>> values = values(session, name);
        boolean isOld = now() - time(session, name, "began") > LONGEST_WAY.toSeconds();
        if (values.isPresent()) {
            session.remove(name);
        }
        return values.filter(_ -> !isOld)
                .map(kept -> new Begun(text(kept, "nonce"), text(kept, "verifier"), text(kept, "to")));
    }

    /// Keeps who has logged in. The session has another ID from now on; who was somebody else before
    /// leaves nothing behind.
    void put(Session session, String token, JwtClaims claims) {
        boolean isOther = find(session)
                .filter(before -> !before.claims().subject().equals(claims.subject()))
                .isPresent();
        if (isOther) {
            session.clear();
        }
        session.put(done(), Map.of("token", token, "since", now())).renew();
    }

    /// Who is logged in.
    Optional<Done> find(Session session) {
        String name = done();
        if (now() - time(session, name, "since") >= lifetime.toSeconds()) {
            return Optional.empty();
        }
        return values(session, name).map(kept -> text(kept, "token")).flatMap(this::read);
    }

    // The session has it from a login, so it isn't verified again.
    private Optional<Done> read(String token) {
        try {
            JwtClaims claims =
                    JwtClaims.of(SignedJWT.parse(token).getJWTClaimsSet().toJSONObject());
            return Optional.of(new Done(token, claims))
                    .filter(_ ->
                            claims.issuer().equals(issuer) && claims.audience().contains(clientId));
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static long time(Session session, String name, String key) {
        return values(session, name)
                .map(values -> values.get(key))
                .filter(Number.class::isInstance)
                .map(number -> ((Number) number).longValue())
                .orElse(0L);
    }

    private static String text(Map<?, ?> values, String key) {
        return values.get(key) instanceof String text ? text : "";
    }

    private static Optional<Map<?, ?>> values(Session session, String name) {
        return session.get(name, Object.class).filter(Map.class::isInstance).map(value -> (Map<?, ?>) value);
    }
}
