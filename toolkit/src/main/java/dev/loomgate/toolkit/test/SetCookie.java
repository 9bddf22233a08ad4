package dev.loomgate.toolkit.test;

import dev.loomgate.toolkit.syntax.Ascii;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What a `Set-Cookie` header says, as browsers read it (RFC 6265 section 5.2). Of an attribute that is there more
/// than once, the last counts.
///
/// @param expires when its time is over; [Instant#MAX] if it is kept until the browser is closed
/// @param domain without its dot, in small letters; or empty
/// @param path begins with a slash; or empty, for the default one
record SetCookie(String name, String value, Instant expires, String domain, String path, boolean secure) {
    /// Empty if it sets none.
    static Optional<SetCookie> parse(String header, Instant now) {
        String[] parts = header.split(";", -1);
        int equals = parts[0].indexOf('=');
        String name = equals < 0 ? "" : Ascii.trim(parts[0].substring(0, equals));
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Attributes attributes = new Attributes();
        for (int i = 1; i < parts.length; i++) {
            attributes.take(parts[i], now);
        }
        SetCookie cookie = new SetCookie(
                name,
                Ascii.trim(parts[0].substring(equals + 1)),
                attributes.maxAge.or(() -> attributes.expires).orElse(Instant.MAX),
                attributes.domain,
                attributes.path,
                attributes.secure);
        return cookie.keepsPrefix() ? Optional.of(cookie) : Optional.empty();
    }

    /// Whether it has what its name's prefix promises (RFC 6265bis section 4.1.3).
    private boolean keepsPrefix() {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("__host-")) {
            return secure && domain.isEmpty() && path.equals("/");
        }
        return secure || !lower.startsWith("__secure-");
    }

    private static final class Attributes {
        private Optional<Instant> maxAge = Optional.empty();
        private Optional<Instant> expires = Optional.empty();
        private String domain = "";
        private String path = "";
        private boolean secure;

        void take(String attribute, Instant now) {
            int equals = attribute.indexOf('=');
            String name = Ascii.trim(equals < 0 ? attribute : attribute.substring(0, equals));
            String value = equals < 0 ? "" : Ascii.trim(attribute.substring(equals + 1));
            switch (name.toLowerCase(Locale.ROOT)) {
                case "expires" -> expires = CookieDate.parse(value).or(() -> expires);
                case "max-age" -> maxAge = maxAge(value, now).or(() -> maxAge);
                case "domain" ->
                    domain = value.isEmpty()
                            ? domain
                            : (value.startsWith(".") ? value.substring(1) : value).toLowerCase(Locale.ROOT);
                case "path" -> path = value.startsWith("/") ? value : "";
                case "secure" -> secure = true;
                default -> {}
            }
        }

        private static Optional<Instant> maxAge(String value, Instant now) {
            if (!value.matches("-?[0-9]+")) {
                return Optional.empty();
            }
            if (value.startsWith("-") || value.matches("0+")) {
                return Optional.of(Instant.MIN);
            }
            // So long a time has no end.
            return Optional.of(value.length() > 10 ? Instant.MAX : now.plus(Duration.ofSeconds(Long.parseLong(value))));
        }
    }
}
