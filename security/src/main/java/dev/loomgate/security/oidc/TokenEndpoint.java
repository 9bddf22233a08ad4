package dev.loomgate.security.oidc;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import dev.loomgate.security.remote.Remote;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.security.InvalidToken;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a provider gives a token for a code (OpenID Connect Core 1.0 section 3.1.3).
record TokenEndpoint(OidcProvider provider, Metadata metadata, Remote remote) {
    private static final Logger LOGGER = System.getLogger(TokenEndpoint.class.getName());

    // RFC 6749 section 5.2 allows more; those that are registered are words.
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");

    /// The ID token for a code. The calling thread parks.
    ///
    /// @param redirect where the code was sent to
    /// @param verifier whose hash the code was asked for with (RFC 7636)
    /// @throws InvalidToken if the provider gives none
    /// @throws ServiceUnavailable if it can't be asked
    String idToken(String code, URI redirect, String verifier) throws InvalidToken {
        TokenResponse response = read(
                ask(new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, new CodeVerifier(verifier))));
        if (response instanceof OIDCTokenResponse tokens) {
            return tokens.getOIDCTokens().getIDTokenString();
        }
        String error = word(response.toErrorResponse().getErrorObject().getCode());
        LOGGER.log(Level.WARNING, "{0} gives no token for a code: {1}", remote.url(), error);
        throw new InvalidToken("The provider does not take the code: " + error);
    }

    private Remote.Answer ask(AuthorizationCodeGrant grant) {
        Optional<PlainClientSecret> credentials = provider.credentials(metadata);
        HTTPRequest request = (credentials.isPresent()
                        ? new TokenRequest.Builder(remote.url(), credentials.get(), grant)
                        : new TokenRequest.Builder(remote.url(), provider.client(), grant))
                .build()
                .toHTTPRequest();
        try {
            Remote.Answer answer = remote.post(request.getBody(), request.getAuthorization());
            if (answer.status() < 500) {
                return answer;
            }
            throw new IOException("%s: status %d".formatted(remote.url(), answer.status()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "an OpenID provider gives no token: {0}", e.getMessage());
            throw new ServiceUnavailable("The provider that logs people in here is not available.");
        }
    }

    private static TokenResponse read(Remote.Answer answer) throws InvalidToken {
        try {
            HTTPResponse response = new HTTPResponse(answer.status());
            response.setContentType(answer.contentType());
            response.setBody(answer.body());
            return OIDCTokenResponseParser.parse(response);
        } catch (ParseException e) {
            throw new InvalidToken("The provider answers a code by something that is no token", e);
        }
    }

    /// An error's code, if it is one that may be shown.
    static String word(@Nullable String error) {
        return error != null && ERROR.matcher(error).matches() ? error : "error";
    }
}
