package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who a client says it is: the `Authorization` header (RFC 9110 section 11.6.2). Nothing of it has been checked.
///
/// ```java
/// request.authorization()
///         .filter(login -> login.scheme().equals("basic"))
///         .filter(login -> isPassword(login.parameter("username"), login.parameter("password")))
/// ```
///
/// @param scheme in lower case: `basic`, `bearer`, `digest`
/// @param token of a scheme that has one, such as `bearer`; else empty
/// @param parameters of a scheme that has these, such as `digest`; of `basic`, `username` and `password`
public record Authorization(String scheme, Optional<String> token, Map<String, Optional<String>> parameters) {
    private static final String BASIC = "basic";

    /// The credentials of a user with a password.
    public static Authorization basic(String username, String password) {
        Map<String, Optional<String>> parameters = new LinkedHashMap<>();
        parameters.put("username", Optional.of(username));
        parameters.put("password", Optional.of(password));
        return new Authorization(BASIC, Optional.empty(), parameters);
    }

    /// The credentials of who has this token.
    public static Authorization bearer(String token) {
        return new Authorization("bearer", Optional.of(token), Map.of());
    }

    /// The header's credentials; empty if there are none, or a name and password can't be read.
    public static Optional<Authorization> parse(String header) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        Credentials credentials = Credentials.parse(header);
        return credentials.scheme().equals(BASIC)
                ? basic(credentials.rest())
                : Optional.of(new Authorization(credentials.scheme(), credentials.token(), credentials.parameters()));
    }

    private static Optional<Authorization> basic(String encoded) {
        // The decoder would take what has no padding; RFC 7617 has it.
        if (encoded.length() % 4 != 0) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            String login = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int colon = login.indexOf(':');
            return Optional.of(
                    colon < 0 ? basic(login, "") : basic(login.substring(0, colon), login.substring(colon + 1)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /// A parameter, or an empty text.
    public String parameter(String name) {
        return parameters.getOrDefault(name, Optional.empty()).orElse("");
    }

    /// The header.
    public String header() {
        if (scheme.equals(BASIC)) {
            byte[] login = (parameter("username") + ":" + parameter("password")).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(login);
        }
        return Credentials.title(scheme) + " " + token.orElseGet(() -> HeaderList.formatPairs(parameters));
    }

    /// The scheme alone: what follows is a secret, and must not get into a log.
    @Override
    public String toString() {
        return Credentials.title(scheme) + " ...";
    }

    /// What comes after a scheme.
    record Credentials(String scheme, String rest) {
        static Credentials parse(String header) {
            int space = header.indexOf(' ');
            String scheme = space < 0 ? header : header.substring(0, space);
            return new Credentials(
                    scheme.toLowerCase(Locale.ROOT), space < 0 ? "" : Ascii.trim(header.substring(space)));
        }

        /// A `=` that isn't at the end makes it parameters.
        private boolean isToken() {
            int equals = rest.indexOf('=');
            for (int i = equals; i >= 0 && i < rest.length(); i++) {
                if (rest.charAt(i) != '=') {
                    return false;
                }
            }
            return true;
        }

        Optional<String> token() {
            return isToken() ? Optional.of(rest) : Optional.empty();
        }

        Map<String, Optional<String>> parameters() {
            return isToken() ? Map.of() : HeaderList.parsePairs(rest);
        }

        /// Each word with a capital: `bearer` is `Bearer`.
        static String title(String scheme) {
            StringBuilder title = new StringBuilder(scheme.length());
            boolean inWord = false;
            for (int i = 0; i < scheme.length(); i++) {
                char c = scheme.charAt(i);
                title.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
                inWord = Character.isLetter(c);
            }
            return title.toString();
        }
    }
}
