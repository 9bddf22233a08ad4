package dev.loomgate.toolkit;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.CookieHeader;
import dev.loomgate.toolkit.syntax.HttpDate;
import dev.loomgate.toolkit.syntax.Percent;
import java.net.IDN;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cookie that a response sets (RFC 6265, and its revision for SameSite and Partitioned). Immutable.
///
/// ```java
/// Cookie.of("session", token)
///         .withMaxAge(Duration.ofDays(7))
///         .withSecure()
///         .withHttpOnly()
///         .withSameSite(Cookie.SameSite.LAX)
/// Cookie.expired("session")                // makes the client forget it
/// ```
public final class Cookie {
    /// With which requests of other sites' pages the cookie goes.
    public enum SameSite {
        STRICT("Strict"),
        LAX("Lax"),
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    private final String name;
    private final String value;
    private @Nullable Duration maxAge;
    private @Nullable Instant expires;
    private String path = "/";
    private @Nullable String domain;
    private @Nullable SameSite sameSite;
    private boolean secure;
    private boolean httpOnly;
    private boolean partitioned;

    private Cookie(String name, String value) {
        this.name = name;
        this.value = value;
    }

    private Cookie(Cookie other) {
        this(other, other.value);
    }

    private Cookie(Cookie other, String value) {
        this(other.name, value);
        maxAge = other.maxAge;
        expires = other.expires;
        path = other.path;
        domain = other.domain;
        sameSite = other.sameSite;
        secure = other.secure;
        httpOnly = other.httpOnly;
        partitioned = other.partitioned;
    }

    /// A cookie for all paths of the host, until the browser is closed. The value may be any text: it is escaped.
    ///
    /// @throws IllegalArgumentException if the name is not a token
    public static Cookie of(String name, String value) {
        if (!Ascii.isToken(name)) {
            throw new IllegalArgumentException("cookie name is not a token: \"" + name + "\"");
        }
        return new Cookie(name, value);
    }

    /// A cookie that makes the client forget the one of that name; path and domain must be those it was set with.
    public static Cookie expired(String name) {
        return of(name, "").withMaxAge(Duration.ZERO).withExpires(Instant.EPOCH);
    }

    /// The same with another value.
    public Cookie withValue(String value) {
        return new Cookie(this, value);
    }

    /// How long the client keeps it, in whole seconds.
    public Cookie withMaxAge(Duration maxAge) {
        Cookie changed = new Cookie(this);
        changed.maxAge = maxAge;
        return changed;
    }

    /// Until when the client keeps it; [#withMaxAge(Duration)], if it is set, wins.
    ///
    /// @throws IllegalArgumentException if no HTTP-date names the time: after the year 9999
    public Cookie withExpires(Instant expires) {
        if (!HttpDate.names(expires)) {
            throw new IllegalArgumentException("no HTTP-date names " + expires + ", so no cookie expires then");
        }
        Cookie changed = new Cookie(this);
        changed.expires = expires;
        return changed;
    }

    /// The path that it goes with, and all below; empty for the path of the request that set it.
    public Cookie withPath(String path) {
        Cookie changed = new Cookie(this);
        changed.path = path;
        return changed;
    }

    /// The domain that it goes to, subdomains included; without one, only to the host that set it.
    ///
    /// @throws IllegalArgumentException if it can't be a domain name
    public Cookie withDomain(String domain) {
        String host = domain.indexOf(':') < 0 ? domain : domain.substring(0, domain.indexOf(':'));
        Cookie changed = new Cookie(this);
        changed.domain = IDN.toASCII(host.replaceFirst("^\\.+", ""));
        if (!changed.domain.chars().allMatch(c -> c == '.' || c == '-' || c == '_' || Character.isLetterOrDigit(c))) {
            throw new IllegalArgumentException("cookie domain is not a domain name: \"" + domain + "\"");
        }
        return changed;
    }

    /// With which requests of other sites' pages it goes.
    public Cookie withSameSite(SameSite sameSite) {
        Cookie changed = new Cookie(this);
        changed.sameSite = sameSite;
        return changed;
    }

    /// Only over HTTPS.
    public Cookie withSecure() {
        Cookie changed = new Cookie(this);
        changed.secure = true;
        return changed;
    }

    /// Hidden from scripts.
    public Cookie withHttpOnly() {
        Cookie changed = new Cookie(this);
        changed.httpOnly = true;
        return changed;
    }

    /// Kept apart for each top-level site (CHIPS); makes it secure too, without which clients refuse it.
    public Cookie withPartitioned() {
        Cookie changed = new Cookie(this);
        changed.partitioned = true;
        changed.secure = true;
        return changed;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    public Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    /// The value of the Set-Cookie header.
    public String header() {
        StringBuilder header = new StringBuilder(64).append(name).append('=').append(CookieHeader.quote(value));
        if (domain != null) {
            header.append("; Domain=").append(domain);
        }
        if (expires != null) {
            header.append("; Expires=").append(HttpDate.format(expires));
        }
        if (maxAge != null) {
            header.append("; Max-Age=").append(maxAge.toSeconds());
        }
        if (secure) {
            header.append("; Secure");
        }
        if (httpOnly) {
            header.append("; HttpOnly");
        }
        if (!path.isEmpty()) {
            header.append("; Path=").append(Percent.quote(path, Percent.COOKIE_PATH));
        }
        if (sameSite != null) {
            header.append("; SameSite=").append(sameSite.text);
        }
        if (partitioned) {
            header.append("; Partitioned");
        }
        return header.toString();
    }

    /// The value of the Set-Cookie header.
    @Override
    public String toString() {
        return header();
    }
}
