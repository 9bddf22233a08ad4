package dev.loomgate.toolkit.security;

import dev.loomgate.toolkit.syntax.QuotedString;

/// A value of `WWW-Authenticate`: a scheme and its parameters, each in quotes, as RFC 9110
/// section 11.5 wants of a realm.
///
/// ```
/// Bearer realm="shop", error="invalid_token", error_description="The token has expired"
/// ```
record Challenge(String text) {
    /// @throws IllegalArgumentException if the realm has other characters than printable ASCII ones,
    /// which no header carries safely
    static Challenge of(String scheme, String realm) {
        if (!realm.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "%s authentication: a realm has printable ASCII characters only".formatted(scheme));
        }
        return new Challenge(scheme + " realm=" + QuotedString.always(realm));
    }

    /// @param value printable ASCII
    Challenge with(String name, String value) {
        return new Challenge(text + ", " + name + "=" + QuotedString.always(value));
    }
}
