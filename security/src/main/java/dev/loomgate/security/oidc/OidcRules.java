package dev.loomgate.security.oidc;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.loomgate.security.jwt.JwtClaims;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.Submount;
import dev.loomgate.toolkit.security.InvalidToken;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;

/// Where logins begin and end.
final class OidcRules {
    private static final Logger LOGGER = System.getLogger(OidcRules.class.getName());

    private final OidcSite site;
    private final Submount<Resource> rules;

    OidcRules(OidcSite site) {
        this.site = site;
        rules = Submount.of(
                site.path(),
                Route.get("/login", this::login),
                Route.get("/callback", this::callback),
                Route.post("/logout", this::logout));
    }

    Submount<Resource> all() {
        return rules;
    }

    /// Whether a rule is one of these, wherever it is mounted.
    boolean have(Rule<?> rule) {
        return rules.rules().stream().anyMatch(own -> own.endpoint() == rule.endpoint());
    }

    /// Sends people to the provider.
    ///
    /// @param to where they are afterwards
    /// @throws ServiceUnavailable if nobody knows where that is
    Response begin(Session session, LocalPath to) {
        Metadata metadata = site.provider().metadata();
        State state = new State();
        Nonce nonce = new Nonce();
        CodeVerifier verifier = new CodeVerifier();
        site.logins()
                .begin(
                        session,
                        state.getValue(),
                        new SessionLogins.Begun(nonce.getValue(), verifier.getValue(), to.text()));
        AuthenticationRequest request = new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        site.provider().scope(),
                        site.provider().client(),
                        site.callback())
                .endpointURI(metadata.authorizationEndpoint())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build();
        return redirect(request.toURI().toString());
    }

    private Response login(Request request) {
        return begin(request.session(), LocalPath.of(request.args().get("to", ""), site.home()));
    }

    /// @throws HttpException if it isn't the end of a login
    private Response callback(Request request) {
        Session session = request.session();
        SessionLogins.Begun begun = site.logins()
                .take(session, parameter(request, "state"))
                .orElseThrow(() -> new BadRequest("This login was not begun here, took too long or is done already,"
                        + " or cookies are off. Begin it again."));
        try {
            String token = token(request, begun);
            JwtClaims claims = site.provider().tokens().verify(token, begun.nonce());
            site.logins().put(session, token, claims);
            return redirect(site.at(LocalPath.of(begun.to(), site.home())));
        } catch (InvalidToken e) {
            LOGGER.log(
                    Level.WARNING, "a login by {0} fails: {1}", site.provider().issuer(), e.reason());
            throw new Forbidden("The login failed. " + e.reason() + ".");
        }
    }

    private String token(Request request, SessionLogins.Begun begun) throws InvalidToken {
        Metadata metadata = site.provider().metadata();
        String issuer = parameter(request, "iss");
        boolean isNamed = !issuer.isEmpty() || metadata.namesItself();
        if (isNamed && !issuer.equals(site.provider().issuer())) {
            // RFC 9207: the code is another provider's, and this one must not get it.
            throw new InvalidToken("The answer is of another provider");
        }
        String error = parameter(request, "error");
        String code = parameter(request, "code");
        if (!error.isEmpty()) {
            throw new InvalidToken("The provider says: " + TokenEndpoint.word(error));
        }
        if (code.isBlank()) {
            throw new InvalidToken("The answer has no code");
        }
        return site.provider().tokenEndpoint(metadata).idToken(code, site.callback(), begun.verifier());
    }

    /// RFC 6749 section 3.1: none comes twice.
    private static String parameter(Request request, String name) {
        List<String> values = request.args().all(name);
        if (values.size() > 1) {
            throw new BadRequest("The answer has \"%s\" more than once.".formatted(name));
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    private Response logout(Request request) {
        Session session = request.session();
        Optional<SessionLogins.Done> done = site.logins().find(session);
        session.clear();
        return redirect(done.flatMap(login -> atProvider(login.token())).orElseGet(() -> site.at(site.home())));
    }

    /// Where the provider ends the login (OpenID Connect RP-Initiated Logout 1.0); empty if it doesn't.
    private Optional<String> atProvider(String token) {
        try {
            JWT hint = JWTParser.parse(token);
            return site.provider().metadata().logout().map(end -> new LogoutRequest(
                            end, hint, null, site.provider().client(), URI.create(site.at(site.home())), null, null)
                    .toURI()
                    .toString());
        } catch (ServiceUnavailable | ParseException e) {
            // It ends here all the same.
            LOGGER.log(
                    Level.WARNING,
                    "a logout is not told to {0}",
                    site.provider().issuer());
            return Optional.empty();
        }
    }

    private static Response redirect(String location) {
        return Response.redirect(location).header("Cache-Control", "no-store");
    }
}
