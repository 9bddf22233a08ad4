package dev.loomgate.toolkit.proxy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.Quoting;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Takes the client's address, the scheme, host, port and prefix from what a proxy says of them: Werkzeug's
/// `ProxyFix`.
///
/// Any client can send these headers, so each is trusted only as far as it is configured here, and by default not
/// at all.
///
/// ```java
/// ProxyFix.of().withXFor(1).withXProto(1)                      // one proxy, which sets these two
/// ProxyFix.of().withNetworks("10.0.0.0/8", "unix").withXFor(3) // proxies in this network, or on a unix socket
/// ProxyFix.of().withForwarded(1)                               // one proxy that speaks RFC 7239
/// ```
///
/// | header | trusted by | changes |
/// |---|---|---|
/// | `X-Forwarded-For` | [#withXFor] | `REMOTE_ADDR`, and `REMOTE_PORT` if it has one |
/// | `X-Forwarded-Proto` | [#withXProto] | `wsgi.url_scheme` |
/// | `X-Forwarded-Host` | [#withXHost] | `HTTP_HOST`, `SERVER_NAME`, `SERVER_PORT` |
/// | `X-Forwarded-Port` | [#withXPort] | `HTTP_HOST`, `SERVER_PORT` |
/// | `X-Forwarded-Prefix` | [#withXPrefix] | `SCRIPT_NAME` |
/// | `Forwarded` | [#withForwarded] | all of these but `SCRIPT_NAME`, and `REMOTE_PORT` |
///
/// The number is that of the proxies that add to the header: of a list, that many values are the proxies' own,
/// counted from the end, and the first of them is taken. A header with fewer values changes nothing. So does a
/// scheme that isn't `http` or `https`, a port that isn't one, and a prefix that begins with no slash.
///
/// An address is taken without the brackets and the port that some proxies write with it, in either header; what is
/// no address, such as `unknown` or a name, as it came.
///
/// What the variables were before is in the environ under [#ORIGINAL]. Immutable: each method returns a new one.
public final class ProxyFix implements Middleware {
    /// Where the environ holds the values from before, in an unmodifiable map by the variables' names:
    /// `REMOTE_ADDR`, `REMOTE_PORT`, `wsgi.url_scheme`, `HTTP_HOST`, `SERVER_NAME`, `SERVER_PORT` and
    /// `SCRIPT_NAME`, those that there were. Werkzeug's is `werkzeug.proxy_fix.orig`.
    public static final String ORIGINAL = "loomgate.proxy_fix.original";

    private static final List<String> KEPT = List.of(
            "REMOTE_ADDR", "REMOTE_PORT", "wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME");

    private static final Logger LOG = System.getLogger("dev.loomgate.toolkit.proxy");

    private final Networks networks;
    private final Map<String, Integer> hops;
    private final boolean addressesOnly;

    private ProxyFix(Networks networks, Map<String, Integer> hops, boolean addressesOnly) {
        this.networks = networks;
        this.hops = hops;
        this.addressesOnly = addressesOnly;
    }

    /// One that trusts no proxy, and changes nothing.
    public static ProxyFix of() {
        return new ProxyFix(Networks.ANY, Map.of(), false);
    }

    /// Trusts only peers in these networks; headers from other peers are ignored. The client's
    /// address is then the last one in `X-Forwarded-For` or `Forwarded` that isn't in them, and the number of hops
    /// is only how far it may be away.
    ///
    /// @param networks such as `10.0.0.0/8`, `2001:db8::/32`, `127.0.0.1`, or `unix` for peers without an address
    /// @throws IllegalArgumentException if one of them is none of these
    public ProxyFix withNetworks(String... networks) {
        return new ProxyFix(Networks.of(List.of(networks)), hops, addressesOnly);
    }

    /// Takes a client's address only if it is one: `unknown` and made up names change nothing, where Werkzeug's takes
    /// them. A client without a port has the `REMOTE_PORT` 0, and not its proxy's. The log has a line about
    /// the first value of any header that changes nothing.
    public ProxyFix withAddressesOnly() {
        return new ProxyFix(networks, hops, true);
    }

    /// Trusts `X-Forwarded-For` of so many proxies.
    public ProxyFix withXFor(int hops) {
        return with("HTTP_X_FORWARDED_FOR", hops);
    }

    /// Trusts `X-Forwarded-Proto` of so many proxies.
    public ProxyFix withXProto(int hops) {
        return with("HTTP_X_FORWARDED_PROTO", hops);
    }

    /// Trusts `X-Forwarded-Host` of so many proxies.
    public ProxyFix withXHost(int hops) {
        return with("HTTP_X_FORWARDED_HOST", hops);
    }

    /// Trusts `X-Forwarded-Port` of so many proxies.
    public ProxyFix withXPort(int hops) {
        return with("HTTP_X_FORWARDED_PORT", hops);
    }

    /// Trusts `X-Forwarded-Prefix` of so many proxies.
    public ProxyFix withXPrefix(int hops) {
        return with("HTTP_X_FORWARDED_PREFIX", hops);
    }

    /// Trusts `Forwarded` (RFC 7239) of so many proxies. Not beside `X-Forwarded-*`: a client could send what
    /// its proxy doesn't.
    public ProxyFix withForwarded(int hops) {
        return with(Forwarded.KEY, hops);
    }

    private ProxyFix with(String key, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("ProxyFix: a number of proxies is not negative: " + count);
        }
        Map<String, Integer> more = new LinkedHashMap<>(hops);
        more.put(key, count);
        return new ProxyFix(networks, more, addressesOnly);
    }

    /// @throws IllegalArgumentException if it trusts `Forwarded` and `X-Forwarded-*`
    @Override
    public Application wrap(Application inner) {
        if (hops(Forwarded.KEY) > 0
                && hops.values().stream().filter(count -> count > 0).count() > 1) {
            throw new IllegalArgumentException("ProxyFix: trust Forwarded or X-Forwarded-*, not both: "
                    + "a proxy sets one of them, and lets a client's other one pass");
        }
        AtomicBoolean told = new AtomicBoolean();
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            fix(environ, told);
            return inner.call(environ, startResponse);
        });
    }

    private int hops(String key) {
        return hops.getOrDefault(key, 0);
    }

    private void tell(AtomicBoolean told, String value) {
        if (addressesOnly && !told.getAndSet(true)) {
            LOG.log(
                    Level.WARNING,
                    "a proxy has sent a value that says nothing of its client, and is left out, as further ones are: "
                            + Quoting.printable(value));
        }
    }

    private void fix(Environ environ, AtomicBoolean told) {
        Map<String, String> before = new LinkedHashMap<>();
        for (String key : KEPT) {
            environ.text(key).ifPresent(value -> before.put(key, value));
        }
        // What was there before the outermost one, if there are two.
        if (!environ.containsKey(ORIGINAL)) {
            environ.put(ORIGINAL, Map.copyOf(before));
        }
        String peer = before.getOrDefault("REMOTE_ADDR", "");
        if (!networks.contains(peer)) {
            return;
        }
        ForwardedEnviron fix = new ForwardedEnviron(environ, addressesOnly, value -> tell(told, value));
        if (hops(Forwarded.KEY) > 0) {
            Forwarded.client(environ.text(Forwarded.KEY, ""), peer, hops(Forwarded.KEY), networks)
                    .ifPresent(fix::forwarded);
            return;
        }
        fix.client(ForwardedList.client(
                environ.text("HTTP_X_FORWARDED_FOR", ""), peer, hops("HTTP_X_FORWARDED_FOR"), networks));
        fix.scheme(value(environ, "HTTP_X_FORWARDED_PROTO"));
        fix.host(value(environ, "HTTP_X_FORWARDED_HOST"));
        fix.port(value(environ, "HTTP_X_FORWARDED_PORT"));
        fix.prefix(value(environ, "HTTP_X_FORWARDED_PREFIX"));
    }

    private String value(Environ environ, String key) {
        return ForwardedList.fromEnd(environ.text(key, ""), hops(key));
    }
}
