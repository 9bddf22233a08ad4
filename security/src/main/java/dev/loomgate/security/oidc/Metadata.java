package dev.loomgate.security.oidc;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.loomgate.security.remote.Remote;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a provider says of itself, as far as a login needs it (OpenID Connect Discovery 1.0 section 3).
///
/// @param keys where its keys are
/// @param endSession where it ends a login; or null if it doesn't
/// @param namesItself whether each of its answers has `iss` (RFC 9207)
/// @param secretInForm whether a client's secret must be in the form
record Metadata(
        URI authorizationEndpoint,
        URI tokenEndpoint,
        URI keys,
        @Nullable URI endSession,
        boolean namesItself,
        boolean secretInForm) {
    /// @throws IllegalArgumentException if it is no such document, or not this issuer's; with what is wrong
    static Metadata of(String json, URI issuer) {
        try {
            OIDCProviderMetadata document = OIDCProviderMetadata.parse(json);
            if (!document.getIssuer().getValue().equals(issuer.toString())) {
                throw new IllegalArgumentException("it is the document of another issuer");
            }
            return new Metadata(
                    safe("authorization_endpoint", document.getAuthorizationEndpointURI()),
                    safe("token_endpoint", document.getTokenEndpointURI()),
                    safe("jwks_uri", document.getJWKSetURI()),
                    document.getEndSessionEndpointURI() == null
                            ? null
                            : safe("end_session_endpoint", document.getEndSessionEndpointURI()),
                    document.supportsAuthorizationResponseIssuerParam(),
                    secretInForm(document.getTokenEndpointAuthMethods()));
        } catch (ParseException e) {
            throw new IllegalArgumentException("it is no document of an OpenID provider", e);
        }
    }

    private static URI safe(String name, @Nullable URI url) {
        if (url == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        try {
            return Remote.requireSafe(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its " + name + " is no https:// URL", e);
        }
    }

    // Without a list, it is client_secret_basic.
    private static boolean secretInForm(@Nullable List<ClientAuthenticationMethod> methods) {
        return methods != null
                && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
    }

    Optional<URI> logout() {
        return Optional.ofNullable(endSession);
    }
}
