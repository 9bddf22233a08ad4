package dev.loomgate.security.oidc;

import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.loomgate.security.jwt.JwksSettings;
import dev.loomgate.security.remote.Remote;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who logs people in, and what this application is there.
///
/// ```java
/// OidcProvider.at(URI.create("https://id.example.org"), "office", secret).withScopes("email", "profile")
/// ```
///
/// Its endpoints and keys are found by OpenID Connect Discovery when they are first needed, kept, and
/// asked for again when they are old. A document that can't be fetched later leaves the last one in
/// use.
///
/// Immutable: each method returns a new one; used by all requests at once.
public final class OidcProvider {
    private final URI issuer;
    private final ClientID client;
    private final @Nullable Secret secret;
    private final Set<String> scopes;
    private final List<String> algorithms;
    private final JwksSettings settings;
    private final Discovery discovery;

    private OidcProvider(
            URI issuer,
            ClientID client,
            @Nullable Secret secret,
            Set<String> scopes,
            List<String> algorithms,
            JwksSettings settings) {
        this.issuer = issuer;
        this.client = client;
        this.secret = secret;
        this.scopes = scopes;
        this.algorithms = algorithms;
        this.settings = settings;
        discovery = new Discovery(issuer, client.getValue(), algorithms, settings);
    }

    /// A provider that knows this application by a secret, which it sends as a password
    /// (`client_secret_basic`), or in the form where the provider takes nothing else.
    ///
    /// @param issuer the provider's name, exactly as its document has it: `https`, or `http` on this
    /// machine
    /// @param clientId the application's name there
    /// @throws IllegalArgumentException if the issuer is no such URL, or a text is empty
    public static OidcProvider at(URI issuer, String clientId, String clientSecret) {
        if (clientSecret.isEmpty()) {
            throw new IllegalArgumentException("OidcProvider.at: the secret is empty");
        }
        return of(issuer, clientId, new Secret(clientSecret));
    }

    /// A provider that knows this application by its name alone; then PKCE protects the login.
    ///
    /// @param issuer as [#at(URI, String, String)]
    /// @throws IllegalArgumentException if the issuer is no such URL, or the name is empty
    public static OidcProvider at(URI issuer, String clientId) {
        return of(issuer, clientId, null);
    }

    private static OidcProvider of(URI issuer, String clientId, @Nullable Secret secret) {
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("OidcProvider.at: the client's ID is empty");
        }
        return new OidcProvider(
                Remote.requireSafe(issuer),
                new ClientID(clientId),
                secret,
                Set.of(),
                List.of("RS256"),
                JwksSettings.DEFAULT);
    }

    /// The same with these scopes besides `openid`: `email`, `profile`. The provider puts more claims
    /// into its tokens for them.
    public OidcProvider withScopes(String... more) {
        Set<String> all = new LinkedHashSet<>(scopes);
        all.addAll(List.of(more));
        return new OidcProvider(issuer, client, secret, Set.copyOf(all), algorithms, settings);
    }

    /// The same with other algorithms for the signatures of its tokens than `RS256`, all of one kind:
    /// those of [dev.loomgate.security.jwt.JwtKeys#at].
    ///
    /// @throws IllegalArgumentException if there is none, one is unknown or needs a secret, or they
    /// are of several kinds
    public OidcProvider withAlgorithms(String... others) {
        return new OidcProvider(issuer, client, secret, scopes, List.of(others), settings);
    }

    /// The same with other limits for what is fetched from it, and another time to keep its document
    /// and keys. After a failure an old document is used for the settings' pause before the next try.
    public OidcProvider withSettings(JwksSettings other) {
        return new OidcProvider(issuer, client, secret, scopes, algorithms, other);
    }

    /// What the provider says of itself. The calling thread parks while it is fetched.
    ///
    /// @throws ServiceUnavailable if it can't be fetched, and never could be
    Metadata metadata() {
        return discovery.metadata();
    }

    String issuer() {
        return issuer.toString();
    }

    ClientID client() {
        return client;
    }

    Scope scope() {
        Scope scope = new Scope("openid");
        scopes.forEach(scope::add);
        return scope;
    }

    /// What the application proves with that it is itself; empty if it has no secret.
    Optional<PlainClientSecret> credentials(Metadata metadata) {
        return Optional.ofNullable(secret)
                .map(known -> metadata.secretInForm()
                        ? new ClientSecretPost(client, known)
                        : new ClientSecretBasic(client, known));
    }

    TokenEndpoint tokenEndpoint(Metadata metadata) {
        return new TokenEndpoint(
                this, metadata, new Remote(metadata.tokenEndpoint(), settings.timeout(), settings.maxBytes()));
    }

    /// What checks its tokens.
    ///
    /// @throws ServiceUnavailable if nobody knows where its keys are
    IdTokens tokens() {
        return new IdTokens(discovery.verifier(), client.getValue());
    }

    /// `OidcProvider https://id.example.org for office`
    @Override
    public String toString() {
        return "OidcProvider " + issuer + " for " + client.getValue();
    }
}
