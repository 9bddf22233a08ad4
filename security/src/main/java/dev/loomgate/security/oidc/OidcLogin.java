package dev.loomgate.security.oidc;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.Unauthorized;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.RuleFactory;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks people to log in by OpenID Connect: a guard, and the rules where logins begin and end.
///
/// ```java
/// OidcLogin login = OidcLogin.of(provider, URI.create("https://office.example.org"));
///
/// Sessions.stored(SessionStore.inMemory()).withSecureCookie().wrap(WebApplication.of(
///         Route.get("/", Pages::home),
///         Route.get("/me", request -> request.user(JwtClaims.class).orElseThrow().subject()).guardedBy(login),
///         login.rules()))
/// ```
///
/// | rule | |
/// |---|---|
/// | `GET /oidc/login` | begins a login; `?to=/me` says where to go afterwards, on this site only |
/// | `GET /oidc/callback` | where the provider sends people back: register it there as a redirect URI |
/// | `POST /oidc/logout` | ends the session, and the provider's, if that has an end-session endpoint |
///
/// A page that is opened without a login is answered by a redirect to the provider, and comes after the
/// login; any other request, such as that of a script, a form or a WebSocket, by 401. To
/// [Request#user] people are [dev.loomgate.security.jwt.JwtClaims], or what [#as] says.
///
/// The flow is that of the authorization code, with PKCE, a state and a nonce, which the session has:
/// each is good once, for a quarter of an hour, and four of them at once. At the login the session's ID
/// changes. Nothing but the ID token is kept, so there is nothing to be refreshed: when the lifetime is
/// over, the provider is asked again. Sessions in a store serve best: a copy of a signed cookie outlives
/// a logout, and who has it can read it.
///
/// | what goes wrong | answer |
/// |---|---|
/// | the session has no such login, or not any more | 400 |
/// | the provider refuses, or its token isn't good | 403 |
/// | the provider isn't available | 503 |
///
/// Immutable: each method returns a new one. Source: OpenID Connect Core 1.0, RFC 7636, RFC 9207, RFC
/// 9700.
public final class OidcLogin implements Guard {
    private final OidcSite site;
    private final OidcRules rules;
    private final @Nullable Class<? extends Record> type;

    private OidcLogin(OidcSite site, OidcRules rules, @Nullable Class<? extends Record> type) {
        this.site = site;
        this.rules = rules;
        this.type = type;
    }

    /// Logins by this provider.
    ///
    /// @param site the site's own URL, and the path that the application is mounted at: `https`, or
    /// `http` on this machine. What a request says of its host is never used
    /// @throws IllegalArgumentException if it is no such URL
    public static OidcLogin of(OidcProvider provider, URI site) {
        OidcSite made = OidcSite.of(provider, site);
        return new OidcLogin(made, new OidcRules(made), null);
    }

    private OidcLogin with(OidcSite other) {
        return new OidcLogin(other, new OidcRules(other), type);
    }

    /// The same with its rules below another path than `/oidc`. Of several providers each needs one.
    ///
    /// @param path in the application, such as `/login/acme`
    /// @throws IllegalArgumentException if it doesn't begin with one slash, or ends with one
    public OidcLogin withPath(String path) {
        if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
            throw new IllegalArgumentException(
                    "OidcLogin.withPath: \"%s\" is no path such as /login/acme".formatted(path));
        }
        return with(site.withPath(path));
    }

    /// The same, with another place for people after a login or a logout than the application's root.
    ///
    /// @param place path and query on this site, with the path that the application is mounted at
    /// @throws IllegalArgumentException if it is none: it begins with one slash, and has at most 512
    /// characters
    public OidcLogin withHome(String place) {
        return with(site.withHome(new LocalPath(place)));
    }

    /// The same with another time after which the provider is asked again; it is 12 hours by default.
    ///
    /// @throws IllegalArgumentException if it is less than a second
    public OidcLogin withLifetime(Duration lifetime) {
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("OidcLogin.withLifetime: %s is less than a second".formatted(lifetime));
        }
        return with(site.withLifetime(lifetime));
    }

    OidcLogin withClock(InstantSource clock) {
        return with(site.withClock(clock));
    }

    /// The same, with the same rules, but that the user is a record of claims, as
    /// [dev.loomgate.security.jwt.JwtClaims#as] makes it. People without these claims get 403.
    public OidcLogin as(Class<? extends Record> other) {
        return new OidcLogin(site, rules, other);
    }

    /// Where logins begin and end: for the application, once.
    public RuleFactory<Resource> rules() {
        return rules.all();
    }

    /// @throws HttpException if nobody is logged in and the request is no opening of a page, or the
    /// provider isn't available
    /// @throws IllegalStateException if there is no [dev.loomgate.toolkit.sessions.Sessions] before the
    /// application
    @Override
    public Optional<? extends Application> check(Request request, Rule<?> rule) {
        if (rules.have(rule)) {
            return Optional.empty();
        }
        Optional<SessionLogins.Done> done = site.logins().find(request.session());
        if (done.isPresent()) {
            request.authenticated("OpenID", done.get().claims().subject(), user(done.get()));
            return Optional.empty();
        }
        if (!opensPage(request)) {
            throw new Unauthorized("A login is needed here.");
        }
        return Optional.of(rules.begin(request.session(), LocalPath.of(request, site.home())));
    }

    private Object user(SessionLogins.Done done) {
        try {
            return type == null ? done.claims() : done.claims().as(type);
        } catch (IllegalArgumentException e) {
            throw new Forbidden("The provider does not say enough of you for this page.");
        }
    }

    // Others can't follow a redirect to a login, and each would push out one that is on its way.
    private static boolean opensPage(Request request) {
        return request.method().equals("GET")
                && request.environ().webSocket().isEmpty()
                && request.environ().text("HTTP_SEC_FETCH_MODE", "navigate").equals("navigate")
                && request.environ().text("HTTP_SEC_FETCH_DEST", "document").equals("document");
    }

    /// `OidcLogin by https://id.example.org at https://office.example.org/oidc`
    @Override
    public String toString() {
        return "OidcLogin by " + site.provider().issuer() + " at " + site.url() + site.path();
    }
}
