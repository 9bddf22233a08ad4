package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.headers.Authorization.Credentials;
import dev.loomgate.toolkit.syntax.HeaderList;
import dev.loomgate.toolkit.syntax.QuotedString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How a client may say who it is: the `WWW-Authenticate` header (RFC 9110 section 11.6.1).
///
/// ```java
/// throw new Unauthorized("Please log in.", WwwAuthenticate.basic("shop").toString());
/// ```
///
/// @param scheme in lower case
/// @param token of a scheme that has one; else empty
/// @param parameters of a scheme that has these, such as `realm`
public record WwwAuthenticate(String scheme, Optional<String> token, Map<String, Optional<String>> parameters) {
    // RFC 7616 section 3.3 wants these in quotes, tokens or not.
    private static final Set<String> QUOTED = Set.of("realm", "domain", "nonce", "opaque", "qop");

    /// Asks for a name and a password.
    public static WwwAuthenticate basic(String realm) {
        return of("basic").with("realm", realm);
    }

    /// Asks for a token.
    public static WwwAuthenticate bearer(String realm) {
        return of("bearer").with("realm", realm);
    }

    /// A challenge of this scheme, in lower case, without parameters.
    public static WwwAuthenticate of(String scheme) {
        return new WwwAuthenticate(scheme, Optional.empty(), Map.of());
    }

    /// The same with another parameter.
    public WwwAuthenticate with(String name, String value) {
        Map<String, Optional<String>> changed = new LinkedHashMap<>(parameters);
        changed.put(name, Optional.of(value));
        return new WwwAuthenticate(scheme, token, changed);
    }

    /// The header's challenge; empty if there is none.
    public static Optional<WwwAuthenticate> parse(String header) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        Credentials challenge = Credentials.parse(header);
        return Optional.of(new WwwAuthenticate(challenge.scheme(), challenge.token(), challenge.parameters()));
    }

    /// The header.
    @Override
    public String toString() {
        String title = Credentials.title(scheme);
        if (token.isPresent()) {
            return title + " " + token.get();
        }
        if (parameters.isEmpty()) {
            return title;
        }
        return title + " " + (scheme.equals("digest") ? digest() : HeaderList.formatPairs(parameters));
    }

    private String digest() {
        StringBuilder header = new StringBuilder();
        parameters.forEach((name, value) -> {
            header.append(header.isEmpty() ? "" : ", ").append(name);
            value.ifPresent(text -> header.append('=')
                    .append(QUOTED.contains(name) ? QuotedString.always(text) : QuotedString.quote(text)));
        });
        return header.toString();
    }
}
