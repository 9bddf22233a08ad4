package dev.loomgate.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.security.InvalidToken;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/// Verifies JSON Web Tokens that are signed (RFC 7519, RFC 7515).
///
/// ```java
/// JwtVerifier verifier = JwtVerifier.of(keys, "https://id.example.org/", "https://api.example.org");
/// JwtClaims claims = verifier.verify(token);
/// ```
///
/// A token is good if
///
/// 1. it is signed, by an algorithm and a key of [JwtKeys], and is of no other type than `JWT` or
/// `at+jwt` (RFC 9068);
/// 2. its issuer is this one, and the audience is among those that it is for;
/// 3. it has an end, `exp`, which has not come, and its beginning, `nbf`, if it has one, has come:
/// both by a clock that may differ from ours by the leeway.
///
/// Immutable; used by all requests at once. Source: RFC 8725, JSON Web Token Best Current Practices.
public final class JwtVerifier {
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final Duration MOST_LEEWAY = Duration.ofMinutes(5);

    private final JwtKeys keys;
    private final String issuer;
    private final String audience;
    private final Duration leeway;
    private final InstantSource clock;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    private JwtVerifier(JwtKeys keys, String issuer, String audience, Duration leeway, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.leeway = leeway;
        this.clock = clock;
        processor.setJWSKeySelector(keys.selector());
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        // The claims are checked here: what Nimbus says of them would show them.
        processor.setJWTClaimsSetVerifier(null);
    }

    /// A verifier of tokens that are signed with these keys, with a leeway of 30 s.
    ///
    /// @param issuer who makes the tokens: the claim `iss`, exactly
    /// @param audience whom they are for: one of the claim `aud`; most often the URL of this service,
    /// or the application's ID
    /// @throws IllegalArgumentException if one is empty
    public static JwtVerifier of(JwtKeys keys, String issuer, String audience) {
        if (issuer.isEmpty() || audience.isEmpty()) {
            throw new IllegalArgumentException(
                    "JwtVerifier.of: a token has an issuer and an audience; neither is empty");
        }
        return new JwtVerifier(keys, issuer, audience, LEEWAY, InstantSource.system());
    }

    /// The same with another leeway.
    ///
    /// @param other how far the issuer's clock may differ from ours: 0 to 5 minutes
    /// @throws IllegalArgumentException if it is outside
    public JwtVerifier withLeeway(Duration other) {
        if (other.isNegative() || other.compareTo(MOST_LEEWAY) > 0) {
            throw new IllegalArgumentException(
                    "JwtVerifier.withLeeway: %s is not in 0 to %s".formatted(other, MOST_LEEWAY));
        }
        return new JwtVerifier(keys, issuer, audience, other, clock);
    }

    /// The same with another clock, for tests.
    public JwtVerifier withClock(InstantSource other) {
        return new JwtVerifier(keys, issuer, audience, leeway, other);
    }

    /// What a token says, if it is good. The calling thread parks while keys are fetched.
    ///
    /// @throws InvalidToken if it isn't, with the reason, which has nothing of the token
    /// @throws ServiceUnavailable if the keys can't be fetched
    public JwtClaims verify(String token) throws InvalidToken {
        JWTClaimsSet claims = signed(token);
        check(claims);
        return JwtClaims.of(claims);
    }

    private JWTClaimsSet signed(String token) throws InvalidToken {
        try {
            JWT jwt = JWTParser.parse(token);
            if (!(jwt instanceof SignedJWT signed)) {
                throw new InvalidToken("The token is not signed");
            }
            if (!keys.algorithms().allow(signed.getHeader().getAlgorithm())) {
                throw new InvalidToken("The token is signed by an algorithm that is not accepted here");
            }
            return processor.process(signed, null);
        } catch (ParseException e) {
            throw new InvalidToken("The token is no JSON Web Token", e);
        } catch (BadJOSEException e) {
            throw new InvalidToken("The token has a wrong signature, an unknown key or another type", e);
        } catch (RateLimitReachedException e) {
            if (keys.set().isThere()) {
                // Asked too often for keys that the set doesn't have.
                throw new InvalidToken("The token is signed with an unknown key", e);
            }
            throw unavailable();
        } catch (KeySourceException e) {
            throw unavailable();
        } catch (JOSEException e) {
            throw new InvalidToken("The signature of the token can not be checked", e);
        }
    }

    private static ServiceUnavailable unavailable() {
        return new ServiceUnavailable("The keys that tokens are signed with are not available.");
    }

    private void check(JWTClaimsSet claims) throws InvalidToken {
        Instant now = clock.instant();
        Instant end = instant(claims.getExpirationTime());
        Instant beginning = instant(claims.getNotBeforeTime());
        if (!issuer.equals(claims.getIssuer())) {
            throw new InvalidToken("The token is of another issuer");
        }
        if (!claims.getAudience().contains(audience)) {
            throw new InvalidToken("The token is meant for others");
        }
        if (end == null) {
            throw new InvalidToken("The token has no end");
        }
        if (!now.minus(leeway).isBefore(end)) {
            throw new InvalidToken("The token has expired");
        }
        if (beginning != null && now.plus(leeway).isBefore(beginning)) {
            throw new InvalidToken("The token is not valid yet");
        }
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    /// `JwtVerifier of https://id.example.org/ for https://api.example.org`
    @Override
    public String toString() {
        return "JwtVerifier of " + issuer + " for " + audience;
    }
}
