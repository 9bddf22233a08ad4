package dev.loomgate.server.call;

import dev.loomgate.gateway.Headers;
import java.util.Locale;
import java.util.Set;

/// Which fields may follow the content.
final class TrailerFields {
    // RFC 9110 section 6.5.1: framing, routing, request modifiers, authentication, response control, and what says how
    // the content is to be read; cookies are set by heads (RFC 6265).
    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "authentication-info",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "date",
            "expires",
            "host",
            "keep-alive",
            "location",
            "proxy-authenticate",
            "proxy-connection",
            "retry-after",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "vary",
            "warning",
            "www-authenticate");

    private TrailerFields() {}

    /// A copy.
    ///
    /// @throws IllegalArgumentException if there is a field that may not be among them
    static Headers checked(Headers fields) {
        Headers copy = new Headers();
        fields.forEach((name, value) -> {
            if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "%s can't be a trailer: it belongs into the head (RFC 9110 section 6.5.1)".formatted(name));
            }
            copy.add(name, value);
        });
        return copy;
    }
}
