package dev.loomgate.security.oidc;

import dev.loomgate.security.jwt.JwtClaims;
import dev.loomgate.security.jwt.JwtVerifier;
import dev.loomgate.toolkit.security.InvalidToken;

/// Checks ID tokens (OpenID Connect Core 1.0 section 3.1.3.7): the verifier looks at signature, issuer,
/// audience and times, and this at what an ID token has besides.
///
/// @param clientId whom the token must be made for
record IdTokens(JwtVerifier verifier, String clientId) {
    /// What a token says, if it is good.
    ///
    /// @param nonce of the login that it must be for
    /// @throws InvalidToken if it isn't, with the reason, which has nothing of the token
    JwtClaims verify(String token, String nonce) throws InvalidToken {
        JwtClaims claims = verifier.verify(token);
        Object authorized = claims.all().get("azp");
        if (!nonce.equals(claims.all().get("nonce"))) {
            throw new InvalidToken("The token is of another login");
        }
        if (authorized == null ? claims.audience().size() > 1 : !authorized.equals(clientId)) {
            throw new InvalidToken("The token was made for another client");
        }
        if (claims.subject().isEmpty() || !claims.all().containsKey("iat")) {
            throw new InvalidToken("The token lacks sub or iat, so it is no ID token");
        }
        return claims;
    }
}
