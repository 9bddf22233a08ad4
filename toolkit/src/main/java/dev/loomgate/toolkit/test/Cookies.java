package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The cookies of a client, kept and sent as a browser does (RFC 6265 sections 5.1 to 5.4): by host or domain, path
/// and time; those that are `Secure` go over HTTPS only ([Client#https]). There is no list of public suffixes: a
/// response of `a.example` may set a cookie for `example`.
public final class Cookies {
    /// Where a request goes.
    ///
    /// @param host in small letters, without its port
    /// @param path as it is in the request, without the query
    record Place(boolean https, String host, String path) {
        static Place of(String scheme, String authority, String target) {
            int question = target.indexOf('?');
            return new Place(
                    scheme.equals("https"),
                    authority.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT),
                    question < 0 ? target : target.substring(0, question));
        }

        /// Section 5.1.4.
        String defaultPath() {
            int end = path.lastIndexOf('/');
            return path.startsWith("/") && end > 0 ? path.substring(0, end) : "/";
        }

        boolean isBelow(String cookiePath) {
            return path.equals(cookiePath)
                    || (path.startsWith(cookiePath)
                            && (cookiePath.endsWith("/") || path.charAt(cookiePath.length()) == '/'));
        }

        /// Section 5.1.3.
        boolean isIn(String domain) {
            return host.equals(domain) || (host.endsWith("." + domain) && !isAddress());
        }

        private boolean isAddress() {
            return host.startsWith("[") || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        }
    }

    private record Cookie(
            String name, String value, String domain, boolean hostOnly, String path, boolean secure, Instant expires) {
        boolean goesTo(Place place) {
            return (hostOnly ? place.host().equals(domain) : place.isIn(domain))
                    && place.isBelow(path)
                    && (!secure || place.https());
        }

        boolean replaces(Cookie other) {
            return name.equals(other.name) && domain.equals(other.domain) && path.equals(other.path);
        }
    }

    private final String host;
    private final InstantSource clock;

    // In the order in which they were first set.
    private final List<Cookie> all = new ArrayList<>();

    /// @param host the client's own
    Cookies(String host) {
        this(host, InstantSource.system());
    }

    Cookies(String host, InstantSource clock) {
        this.host = host;
        this.clock = clock;
    }

    /// Sets a cookie for all paths, as if a response had.
    public void set(String name, String value) {
        keep(new Cookie(name, value, host, true, "/", false, Instant.MAX));
    }

    /// The value of the cookie of that name, as it stands in the header; of several, that which was there first.
    public Optional<String> value(String name) {
        forgetExpired();
        return all.stream()
                .filter(cookie -> cookie.name().equals(name))
                .map(Cookie::value)
                .findFirst();
    }

    /// Forgets all of them.
    public void clear() {
        all.clear();
    }

    /// Takes what a response from there sets.
    void receive(Headers headers, Place from) {
        for (String header : headers.all("Set-Cookie")) {
            SetCookie.parse(header, clock.instant()).ifPresent(set -> receive(set, from));
        }
    }

    private void receive(SetCookie set, Place from) {
        boolean hostOnly = set.domain().isEmpty();
        if (hostOnly || from.isIn(set.domain())) {
            keep(new Cookie(
                    set.name(),
                    set.value(),
                    hostOnly ? from.host() : set.domain(),
                    hostOnly,
                    set.path().isEmpty() ? from.defaultPath() : set.path(),
                    set.secure(),
                    set.expires()));
        }
    }

    private void keep(Cookie cookie) {
        forgetExpired();
        for (int i = 0; i < all.size(); i++) {
            if (cookie.replaces(all.get(i))) {
                all.set(i, cookie);
                return;
            }
        }
        all.add(cookie);
    }

    private void forgetExpired() {
        Instant now = clock.instant();
        all.removeIf(cookie -> !cookie.expires().isAfter(now));
    }

    /// The `Cookie` header for a request; empty if none goes there.
    String header(Place to) {
        forgetExpired();
        // The sort is stable: among paths of one length, those that were set first come first.
        return all.stream()
                .filter(cookie -> cookie.goesTo(to))
                .sorted(Comparator.comparingInt((Cookie cookie) -> cookie.path().length())
                        .reversed())
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .collect(Collectors.joining("; "));
    }
}
