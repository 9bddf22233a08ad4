package dev.loomgate.cli.dashboard;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers the dashboard's own pages alone. A browser on the same machine has other sites' pages open,
/// too, and loopback doesn't keep these out.
///
/// | what another site's page could do | what stops it |
/// |---|---|
/// | give its own name this address, and read all (DNS rebinding) | the `Host` is one of loopback's |
/// | post to it, or open streams until there is no room | `Sec-Fetch-Site`; `Origin` has the same host as `Host` |
/// | show it in a frame, under something to click on | `frame-ancestors 'none'`, `X-Frame-Options` |
/// | have its text run | `script-src 'self'`, no inline script or style |
///
/// A client that isn't a browser sends neither `Origin` nor `Sec-Fetch-Site`, and is answered.
///
/// @param hosts that it may be asked by, whatever the port: `ssh -L` has another
record OwnPagesOnly(List<String> hosts) implements Middleware {
    private static final Map<String, String> FIELDS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Frame-Options",
            "DENY",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            StartResponse safe = StartResponse.mapping(startResponse, (_, headers) -> FIELDS.forEach(headers::set));
            Optional<HttpException> refusal = refusal(environ);
            return refusal.isPresent() ? refusal.get().call(environ, safe) : inner.call(environ, safe);
        });
    }

    private Optional<HttpException> refusal(Environ environ) {
        Request request = new Request(environ);
        try {
            request.requireTrustedHost(hosts);
        } catch (BadRequest e) {
            return Optional.of(new BadRequest("The dashboard is asked by a name of this machine alone: localhost."));
        }
        // The page itself may be opened from a link or a bookmark: it shows nothing yet.
        boolean opens = environ.path().equals("/") && environ.method().equals("GET");
        String site = request.headers().get("Sec-Fetch-Site", "same-origin");
        String origin = request.headers().get("Origin", "");
        boolean own = (site.equals("same-origin") || site.equals("none"))
                && isOwn(origin, request.headers().get("Host", ""));
        return opens || own
                ? Optional.empty()
                : Optional.of(new Forbidden("The dashboard answers its own pages alone."));
    }

    // RFC 6454 section 7: "scheme://host:port", or "null".
    private static boolean isOwn(String origin, String host) {
        return origin.isEmpty() || origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}
