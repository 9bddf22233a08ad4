package dev.loomgate.security.jwt;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.security.BearerAuthentication;
import dev.loomgate.toolkit.security.InvalidToken;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Asks for a JSON Web Token: `Authorization: Bearer ...`.
///
/// ```java
/// JwtAuthentication tokens = JwtAuthentication.of("accounts", verifier);
///
/// WebApplication.of(
///                 Route.get("/me", request -> request.user(JwtClaims.class).orElseThrow().subject()),
///                 Route.post("/accounts", Accounts::open).guardedBy(tokens.requireScope("accounts:write")))
///         .withGuard(tokens)
/// ```
///
/// Refusals are those of [BearerAuthentication]; a token without a scope that is asked for is 403, and
/// keys that can't be fetched are 503. Immutable: each method returns a new one. Source: RFC 6750.
public final class JwtAuthentication implements Guard {
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

    private final String realm;
    private final JwtVerifier verifier;
    private final Set<String> scopes;
    private final @Nullable Class<? extends Record> type;
    private final BearerAuthentication bearer;

    /// Who has a token: what it says, and what handlers get.
    private record Holder(JwtClaims claims, Object user) {}

    private JwtAuthentication(
            String realm, JwtVerifier verifier, Set<String> scopes, @Nullable Class<? extends Record> type) {
        this.realm = realm;
        this.verifier = verifier;
        this.scopes = scopes;
        this.type = type;
        bearer = BearerAuthentication.of(realm, token -> Optional.of(holder(verifier.verify(token), type)));
    }

    private static Holder holder(JwtClaims claims, @Nullable Class<? extends Record> type) throws InvalidToken {
        try {
            return new Holder(claims, type == null ? claims : claims.as(type));
        } catch (IllegalArgumentException e) {
            throw new InvalidToken("The token lacks a claim that is needed here", e);
        }
    }

    /// Lets in who has a token that the verifier finds good. To [Request#user] they are [JwtClaims].
    ///
    /// @param realm what the token is for: printable ASCII
    /// @throws IllegalArgumentException if the realm has other characters
    public static JwtAuthentication of(String realm, JwtVerifier verifier) {
        return new JwtAuthentication(realm, verifier, Set.of(), null);
    }

    /// The same for tokens that have all of these scopes, too.
    ///
    /// @throws IllegalArgumentException if one is none (RFC 6749 section 3.3)
    public JwtAuthentication requireScope(String... more) {
        Set<String> all = new TreeSet<>(scopes);
        for (String scope : more) {
            if (!SCOPE.matcher(scope).matches()) {
                throw new IllegalArgumentException(
                        "JwtAuthentication.requireScope: \"%s\" is no scope".formatted(scope));
            }
            all.add(scope);
        }
        return new JwtAuthentication(realm, verifier, all, type);
    }

    /// The same, but that the user is a record of claims, as [JwtClaims#as] makes it. A token whose
    /// claims are none is invalid.
    public JwtAuthentication as(Class<? extends Record> other) {
        return new JwtAuthentication(realm, verifier, scopes, other);
    }

    /// @throws HttpException if there is no token, or none that is good
    @Override
    public Optional<? extends Application> check(Request request, Rule<?> rule) throws Exception {
        bearer.check(request, rule);
        Holder holder = request.user(Holder.class).orElseThrow();
        if (!holder.claims().scopes().containsAll(scopes)) {
            throw bearer.insufficientScope(scopes.toArray(String[]::new));
        }
        request.authenticated("Bearer", holder.claims().subject(), holder.user());
        return Optional.empty();
    }

    /// `JwtAuthentication for accounts, [accounts:write]`
    @Override
    public String toString() {
        return "JwtAuthentication for " + realm + (scopes.isEmpty() ? "" : ", " + scopes);
    }
}
