package dev.loomgate.toolkit.security;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.Unauthorized;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Asks for a token in the header: `Authorization: Bearer ...`.
///
/// ```java
/// WebApplication.of(rules).withGuard(BearerAuthentication.of("api", token -> devices.withToken(token)))
/// ```
///
/// | request | answer |
/// |---|---|
/// | without a token | 401, `WWW-Authenticate: Bearer realm="api"` |
/// | with one that isn't written as tokens are | 400, with `error="invalid_request"` |
/// | with one that nobody has, or [InvalidToken] | 401, with `error="invalid_token"` and a reason |
/// | with one that isn't good enough | 403, with `error="insufficient_scope"`, by [#insufficientScope] |
///
/// A token in the URL or in a form is not looked at: URLs are logged. None of a token is in a response
/// or a log. JSON Web Tokens are verified by the module `security`.
///
/// Immutable: each method returns a new one. Source: RFC 6750.
public final class BearerAuthentication implements Guard {
    private static final String SCHEME = "Bearer";
    // RFC 6750 section 2.1.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final Challenge challenge;
    private final TokenCheck check;
    private final boolean blocking;

    private BearerAuthentication(Challenge challenge, TokenCheck check, boolean blocking) {
        this.challenge = challenge;
        this.check = check;
        this.blocking = blocking;
    }

    /// Lets in whose token `check` knows. The user's name is what it is asked for as a [Principal], or
    /// a text that the user is; others have none.
    ///
    /// @param realm what the token is for: printable ASCII
    /// @throws IllegalArgumentException if the realm has other characters
    public static BearerAuthentication of(String realm, TokenCheck check) {
        return new BearerAuthentication(Challenge.of(SCHEME, realm), check, false);
    }

    /// Lets in who has one of these tokens: for a few, which come from the configuration. All are
    /// compared each time.
    ///
    /// @param realm what the token is for: printable ASCII
    /// @param names of who has a token, by the tokens; a text to [Request#user]
    /// @throws IllegalArgumentException if the realm has other characters, or something is no token
    public static BearerAuthentication tokens(String realm, Map<String, String> names) {
        Map<String, String> known = Map.copyOf(names);
        known.forEach((token, name) -> {
            if (!TOKEN.matcher(token).matches()) {
                throw new IllegalArgumentException(
                        "BearerAuthentication.tokens: that of \"%s\" is no token: letters, digits and -._~+/="
                                .formatted(name));
            }
        });
        return of(realm, token -> {
            Optional<String> user = Optional.empty();
            for (Map.Entry<String, String> entry : known.entrySet()) {
                if (Same.text(token, entry.getKey())) {
                    user = Optional.of(entry.getValue());
                }
            }
            return user;
        });
    }

    /// The same with a check that holds its thread: it runs in the server's threads for blocking work
    /// ([dev.loomgate.gateway.Environ#offload]). Where too many wait for one of these, the answer
    /// is 503.
    public BearerAuthentication blocking() {
        return new BearerAuthentication(challenge, check, true);
    }

    /// 403 for a token that is good, and not for this.
    ///
    /// @param scopes those that would do: printable ASCII, without quotes and backslashes
    public Forbidden insufficientScope(String... scopes) {
        return new Forbidden(
                "The token is not good enough for this.",
                challenge
                        .with("error", "insufficient_scope")
                        .with("scope", String.join(" ", scopes))
                        .text());
    }

    /// @throws HttpException if there is no token, or none that is good
    @Override
    public Optional<? extends Application> check(Request request, Rule<?> rule) throws Exception {
        String header = request.environ().text("HTTP_AUTHORIZATION", "");
        String given = header.strip();
        if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || (given.length() > SCHEME.length() && given.charAt(SCHEME.length()) != ' ')) {
            throw new Unauthorized("A token is needed here.", challenge.text());
        }
        String token = given.substring(SCHEME.length()).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new MalformedToken(challenge
                    .with("error", "invalid_request")
                    .with("error_description", "The token is not written as RFC 6750 has tokens")
                    .text());
        }
        Object user = user(request, token);
        request.authenticated(SCHEME, name(user), user);
        return Optional.empty();
    }

    private Object user(Request request, String token) throws Exception {
        String reason = "Nobody has this token";
        try {
            Optional<?> user = blocking
                    ? Offloaded.<Optional<?>>run(request.environ(), () -> check.user(token))
                    : check.user(token);
            if (user.isPresent()) {
                return user.get();
            }
        } catch (InvalidToken e) {
            reason = e.reason();
        }
        throw new Unauthorized(
                reason + ".",
                challenge
                        .with("error", "invalid_token")
                        .with("error_description", reason)
                        .text());
    }

    private static String name(Object user) {
        return switch (user) {
            case String text -> text;
            case Principal principal -> principal.getName();
            default -> "";
        };
    }

    /// `BearerAuthentication (Bearer realm="api")`
    @Override
    public String toString() {
        return "BearerAuthentication (" + challenge.text() + ")";
    }
}
