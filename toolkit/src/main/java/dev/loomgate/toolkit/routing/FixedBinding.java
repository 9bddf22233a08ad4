package dev.loomgate.toolkit.routing;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a map needs to know of a request, given by hand.
///
/// ```java
/// urlMap.bind(FixedBinding.to("example.com").withScheme("https")).url("index").external().build();
/// ```
///
/// @param serverName the host, with its port where it isn't the scheme's own
/// @param scriptName the application's path, `/` if it is all of the host
/// @param subdomain what stands before the host; or null for the map's default
/// @param scheme `http`, `https`, `ws`, `wss`, or empty for URLs that begin with `//`
/// @param path the path that [MapAdapter#match()] looks for
/// @param method the method that [MapAdapter#match()] looks for
/// @param queryString the query that redirects keep, without `?`
public record FixedBinding(
        String serverName,
        String scriptName,
        @Nullable String subdomain,
        String scheme,
        String path,
        String method,
        String queryString)
        implements RequestBinding {
    /// The host goes to lower case and to its ASCII form.
    ///
    /// @throws IllegalArgumentException if the host can't be a domain name
    public FixedBinding {
        int colon = serverName.indexOf(':');
        String name = colon < 0 ? serverName : serverName.substring(0, colon);
        serverName = IDN.toASCII(name.toLowerCase(Locale.ROOT)) + serverName.substring(name.length());
        scriptName = scriptName.endsWith("/") ? scriptName : scriptName + "/";
    }

    /// GET on the root of this host, over HTTP.
    public static FixedBinding to(String serverName) {
        return new FixedBinding(serverName, "/", null, "http", "/", "GET", "");
    }

    public FixedBinding withScriptName(String other) {
        return new FixedBinding(serverName, other, subdomain, scheme, path, method, queryString);
    }

    public FixedBinding withSubdomain(String other) {
        return new FixedBinding(serverName, scriptName, other, scheme, path, method, queryString);
    }

    public FixedBinding withScheme(String other) {
        return new FixedBinding(serverName, scriptName, subdomain, other, path, method, queryString);
    }

    public FixedBinding withPath(String other) {
        return new FixedBinding(serverName, scriptName, subdomain, scheme, other, method, queryString);
    }

    public FixedBinding withMethod(String other) {
        return new FixedBinding(serverName, scriptName, subdomain, scheme, path, other, queryString);
    }

    public FixedBinding withQueryString(String other) {
        return new FixedBinding(serverName, scriptName, subdomain, scheme, path, method, other);
    }
}
