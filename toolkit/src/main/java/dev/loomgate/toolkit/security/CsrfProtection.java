package dev.loomgate.toolkit.security;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Refuses requests that a page of another site sent with a visitor's cookies: cross-site request forgery.
///
/// ```java
/// Application site = Sessions.signed(key).wrap(WebApplication.of(rules).withGuard(CsrfProtection.of()));
///
/// "<form method=post>" + CsrfProtection.field(request) + "<button>Sign</button></form>"
/// ```
///
/// A request of another method than GET, HEAD, OPTIONS and TRACE is let in if
///
/// 1. its browser doesn't say that it comes from elsewhere: by `Sec-Fetch-Site`, or an older one by `Origin`, whose
///    host and port must be those of the request; and
/// 2. it has the session's token, in the header `X-CSRF-Token` or the form's field `csrf_token`.
///
/// Any other is answered by 403 with a text that says why. A handshake of a WebSocket, which has no form, must pass
/// the first check alone. For an endpoint that is an application of its own, the token must be in the header: the form
/// is the application's to read.
///
/// The token is 256 random bits in the session, so there must be [dev.loomgate.toolkit.sessions.Sessions] before the
/// application. Each page has it masked by other random bits, so that the length of compressed pages tells nothing of
/// it (BREACH). It lives as long as the session, and [dev.loomgate.toolkit.Session#renew] replaces it.
///
/// Immutable: each method returns a new one. Source: OWASP's Cross-Site Request Forgery Prevention Cheat Sheet.
public final class CsrfProtection implements Guard {
    /// The form's field.
    public static final String FIELD = "csrf_token";

    /// The header, for scripts.
    public static final String HEADER = "X-CSRF-Token";

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Set<String> exempt;
    private final Set<String> trusted;

    private CsrfProtection(Set<String> exempt, Set<String> trusted) {
        this.exempt = exempt;
        this.trusted = trusted;
    }

    /// Protection of all rules.
    public static CsrfProtection of() {
        return new CsrfProtection(Set.of(), Set.of());
    }

    /// The same without these rules: those whose clients have no cookies, as programs that send a token of their own.
    ///
    /// @param patterns as the rules have them: `/hooks/<service>`. One that no rule has does nothing
    public CsrfProtection exempting(String... patterns) {
        return new CsrfProtection(with(exempt, patterns), trusted);
    }

    /// The same with pages of these origins let through the first check; their requests need the token all the same.
    ///
    /// @param origins as browsers write them: `https://shop.example.org`
    /// @throws IllegalArgumentException if one is no origin
    public CsrfProtection trusting(String... origins) {
        for (String origin : origins) {
            if (!origin.matches("https?://[^/?#\\s]+")) {
                throw new IllegalArgumentException(
                        "CsrfProtection.trusting: \"%s\" is no origin, as https://shop.example.org is"
                                .formatted(origin));
            }
        }
        String[] lower = List.of(origins).stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        return new CsrfProtection(exempt, with(trusted, lower));
    }

    private static Set<String> with(Set<String> some, String... more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    /// The token for a page, to be sent back in [#HEADER]: letters, digits, `-` and `_`; another text each time.
    ///
    /// @throws IllegalStateException if there is no session, or it has no token yet and the response was started
    public static String token(Request request) {
        return CsrfToken.masked(request.session());
    }

    /// The token as a form's hidden field, in HTML.
    ///
    /// @throws IllegalStateException as [#token]
    public static String field(Request request) {
        return "<input type=\"hidden\" name=\"" + FIELD + "\" value=\"" + token(request) + "\">";
    }

    /// @throws Forbidden if the request is one that a page of another site may have sent
    @Override
    public Optional<Application> check(Request request, Rule<?> rule) {
        boolean webSocket = request.environ().webSocket().isPresent();
        if ((SAFE_METHODS.contains(request.method()) && !webSocket) || exempt.contains(rule.pattern())) {
            return Optional.empty();
        }
        if (!isFromHere(request)) {
            throw new Forbidden("The request was sent by a page of another site.");
        }
        if (!webSocket) {
            checkToken(request, rule.endpoint() instanceof Application);
        }
        return Optional.empty();
    }

    private boolean isFromHere(Request request) {
        String origin = request.environ().text("HTTP_ORIGIN", "").toLowerCase(Locale.ROOT);
        if (trusted.contains(origin)) {
            return true;
        }
        Optional<String> site = request.environ().text("HTTP_SEC_FETCH_SITE");
        if (site.isPresent()) {
            // "none" is the visitor's own doing, such as a reload.
            return site.get().equals("same-origin") || site.get().equals("none");
        }
        return origin.isEmpty() || isHost(origin, request);
    }

    // Not the scheme: behind a proxy that ends TLS and doesn't tell, it is another one here.
    private static boolean isHost(String origin, Request request) {
        try {
            String host = URI.create(origin).getRawAuthority();
            String here = request.environ().text("HTTP_HOST", "").toLowerCase(Locale.ROOT);
            return host != null
                    && (host.equals(here) || host.equals(request.url().hostName()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void checkToken(Request request, boolean inHeader) {
        Optional<String> token = request.environ().text("HTTP_X_CSRF_TOKEN");
        if (token.isEmpty() && !inHeader) {
            token = request.form().first(FIELD);
        }
        if (token.isEmpty()) {
            throw new Forbidden("The request has no CSRF token: it belongs in the header " + HEADER
                    + (inHeader ? "." : " or the form's field " + FIELD + "."));
        }
        if (!CsrfToken.isOf(request.session(), token.get())) {
            throw new Forbidden("The page that sent this is too old, or cookies are off."
                    + " Load it again, and send it once more.");
        }
    }

    /// `CsrfProtection, without [/hooks/<service>]`
    @Override
    public String toString() {
        return "CsrfProtection" + (exempt.isEmpty() ? "" : ", without " + exempt);
    }
}
