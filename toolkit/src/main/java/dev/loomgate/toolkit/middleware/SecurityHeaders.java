package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import java.util.Map;
import java.util.TreeMap;

/// Tells browsers what pages of this site may do: OWASP's recommended headers.
///
/// ```java
/// Application site = SecurityHeaders.of()
///         .with("Permissions-Policy", "camera=(self)")
///         .without("Cross-Origin-Opener-Policy")
///         .wrap(application);
/// ```
///
/// | header | value | so that |
/// |---|---|---|
/// | `Content-Security-Policy` | [#POLICY] | only this site's scripts and styles run, none of them inline |
/// | `X-Content-Type-Options` | `nosniff` | a file is what its type says |
/// | `X-Frame-Options` | `DENY` | no page has this one in a frame (for browsers without `frame-ancestors`) |
/// | `Referrer-Policy` | `strict-origin-when-cross-origin` | other sites don't see paths and queries |
/// | `Cross-Origin-Opener-Policy` | `same-origin` | a window that another site opened can't be reached from there |
/// | `Cross-Origin-Resource-Policy` | `same-site` | other sites can't have its pictures and scripts |
/// | `Permissions-Policy` | `camera=(), geolocation=(), microphone=()` | no script asks for these |
/// | `X-Permitted-Cross-Domain-Policies` | `none` | old plug-ins stay out |
///
/// A header that the response has already stays as it is, so that one page may have a policy of its own. A 304 gets
/// none: they would replace those of the page that the client has kept, whose nonce is another one (RFC 9111
/// section 3.2).
/// `Strict-Transport-Security` is a promise for the future, so it has to be asked for: [StrictTransportSecurity].
///
/// **A script or a style in the page itself** needs the request's nonce, `<script nonce="...">`, from
/// [#nonce]: 128 random bits. A response whose page didn't ask for it has none in its policy. A page with a
/// nonce must not be kept by caches that others share.
///
/// Immutable: each method returns a new one. Source: OWASP's HTTP Headers Cheat Sheet; Content Security Policy
/// Level 3 section 2.3.1.
public final class SecurityHeaders implements Middleware {
    /// Where the policy has the request's nonce: as `'nonce-...'`.
    public static final String NONCE = "{nonce}";

    /// The policy of pages that have no other.
    public static final String POLICY = "default-src 'self'; script-src 'self' {nonce}; style-src 'self' {nonce};"
            + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final String KEY = "loomgate.csp_nonce";
    private static final String CONTENT_SECURITY_POLICY = "Content-Security-Policy";

    private final Map<String, String> values;

    private SecurityHeaders(Map<String, String> values) {
        this.values = values;
    }

    /// All of them, with these values.
    public static SecurityHeaders of() {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        values.put(CONTENT_SECURITY_POLICY, POLICY);
        values.put("Cross-Origin-Opener-Policy", "same-origin");
        values.put("Cross-Origin-Resource-Policy", "same-site");
        values.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        values.put("Referrer-Policy", "strict-origin-when-cross-origin");
        values.put("X-Content-Type-Options", "nosniff");
        values.put("X-Frame-Options", "DENY");
        values.put("X-Permitted-Cross-Domain-Policies", "none");
        return new SecurityHeaders(values);
    }

    /// The same with another value, or another header, such as `Content-Security-Policy-Report-Only`.
    ///
    /// @param value in which each [#NONCE] becomes the request's nonce, or nothing
    /// @throws IllegalArgumentException if the name is no token or the value has a control character
    public SecurityHeaders with(String name, String value) {
        Headers.of(name, value);
        Map<String, String> changed = copy();
        changed.put(name, value);
        return new SecurityHeaders(changed);
    }

    /// The same with another `Content-Security-Policy`.
    ///
    /// @throws IllegalArgumentException if it has a control character
    public SecurityHeaders withContentSecurityPolicy(String policy) {
        return with(CONTENT_SECURITY_POLICY, policy);
    }

    /// The same without this header.
    ///
    /// @throws IllegalArgumentException if it has none of that name
    public SecurityHeaders without(String name) {
        Map<String, String> changed = copy();
        if (changed.remove(name) == null) {
            throw new IllegalArgumentException(
                    "SecurityHeaders.without: there is no \"%s\" among %s".formatted(name, values.keySet()));
        }
        return new SecurityHeaders(changed);
    }

    private Map<String, String> copy() {
        Map<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(values);
        return changed;
    }

    /// The request's nonce, for `<script nonce="...">` and `<style nonce="...">`: letters, digits, `-` and `_`; the
    /// same one each time.
    ///
    /// @throws IllegalStateException if there is no SecurityHeaders before the application, or the response was
    /// started without a nonce: its policy has gone out already
    public static String nonce(Environ environ) {
        if (environ.get(KEY) instanceof Nonce nonce) {
            return nonce.value();
        }
        throw new IllegalStateException("the request has no nonce: wrap the application by SecurityHeaders");
    }

    @Override
    public Application wrap(Application inner) {
        Map<String, String> texts = Map.copyOf(values);
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            Nonce nonce = new Nonce();
            environ.put(KEY, nonce);
            return inner.call(environ, StartResponse.mapping(startResponse, (status, headers) -> {
                String source = nonce.start();
                if (status.code() != 304) {
                    texts.forEach((name, value) -> {
                        if (!headers.contains(name)) {
                            headers.set(name, filled(value, source));
                        }
                    });
                }
            }));
        });
    }

    private static String filled(String value, String source) {
        return source.isEmpty() ? value.replace(" " + NONCE, "").replace(NONCE, "") : value.replace(NONCE, source);
    }
}
