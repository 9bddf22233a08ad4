package dev.loomgate.security.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.security.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a verified token says (RFC 7519 section 4).
///
/// @param issuer who made it
/// @param subject whom it is about; empty if it doesn't say
/// @param audience whom it is for
/// @param expires when it ends
/// @param scopes what it allows: `scope` as a text with spaces (RFC 8693 section 4.2), or else `scp`
/// @param all each claim, as JSON has it: texts, numbers, truth values, lists, maps; times are numbers
public record JwtClaims(
        String issuer,
        String subject,
        List<String> audience,
        Instant expires,
        Set<String> scopes,
        Map<String, Object> all)
        implements Principal {
    static JwtClaims of(JWTClaimsSet claims) {
        Map<String, Object> all = new LinkedHashMap<>(claims.toJSONObject());
        String subject = claims.getSubject();
        return new JwtClaims(
                claims.getIssuer(),
                subject == null ? "" : subject,
                List.copyOf(claims.getAudience()),
                claims.getExpirationTime().toInstant(),
                scopes(all.getOrDefault("scope", all.getOrDefault("scp", ""))),
                Collections.unmodifiableMap(all));
    }

    private static Set<String> scopes(Object claim) {
        Set<String> scopes = new LinkedHashSet<>();
        if (claim instanceof Collection<?> several) {
            several.forEach(scope -> scopes.add(String.valueOf(scope)));
        } else {
            scopes.addAll(List.of(claim.toString().split(" ", -1)));
        }
        scopes.remove("");
        return Collections.unmodifiableSet(scopes);
    }

    /// The claims as a record, by its components' names, as [dev.loomgate.toolkit.Request#json] makes
    /// them:
    ///
    /// ```java
    /// record Customer(String sub, String email, List<String> roles) {}
    /// ```
    ///
    /// @throws IllegalArgumentException if a claim is missing, or is no value of its component; with
    /// which
    public <T extends Record> T as(Class<T> type) {
        JsonCodec codec = JsonCodec.jackson();
        try {
            return type.cast(codec.read(codec.write(all), type));
        } catch (HttpException e) {
            throw new IllegalArgumentException(
                    "the claims are no %s: %s".formatted(type.getSimpleName(), e.description()), e);
        }
    }

    /// The subject.
    @Override
    public String getName() {
        return subject;
    }

    /// `JwtClaims of 42`: the others may be private.
    @Override
    public String toString() {
        return "JwtClaims of " + subject;
    }
}
