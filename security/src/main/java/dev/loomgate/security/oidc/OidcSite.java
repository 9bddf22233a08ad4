package dev.loomgate.security.oidc;

import dev.loomgate.security.remote.Remote;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/// A site, and how its people log in.
///
/// @param url scheme and host, and the path that the application is mounted at, without a slash at its
/// end
/// @param path of the login's rules in the application
/// @param home where people are after a login or a logout that says nothing else
/// @param lifetime of a login
record OidcSite(OidcProvider provider, URI url, String path, LocalPath home, Duration lifetime, InstantSource clock) {
    private static final Duration LIFETIME = Duration.ofHours(12);

    /// @throws IllegalArgumentException if the URL is none of a site
    static OidcSite of(OidcProvider provider, URI url) {
        Remote.requireSafe(url);
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "OidcLogin.of: %s has more than scheme, host, port and path".formatted(url.getHost()));
        }
        String text = url.toString().replaceFirst("/+$", "");
        URI site = URI.create(text);
        return new OidcSite(
                provider, site, "/oidc", new LocalPath(site.getRawPath() + "/"), LIFETIME, InstantSource.system());
    }

    OidcSite withPath(String other) {
        return new OidcSite(provider, url, other, home, lifetime, clock);
    }

    OidcSite withHome(LocalPath other) {
        return new OidcSite(provider, url, path, other, lifetime, clock);
    }

    OidcSite withLifetime(Duration other) {
        return new OidcSite(provider, url, path, home, other, clock);
    }

    OidcSite withClock(InstantSource other) {
        return new OidcSite(provider, url, path, home, lifetime, other);
    }

    /// Where the provider sends people back.
    URI callback() {
        return URI.create(url + path + "/callback");
    }

    /// The URL of a place: always on this site.
    String at(LocalPath place) {
        return url.getScheme() + "://" + url.getRawAuthority() + place.text();
    }

    SessionLogins logins() {
        return new SessionLogins(path, provider.issuer(), provider.client().getValue(), lifetime, clock);
    }
}
