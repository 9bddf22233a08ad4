package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Environ;
import java.util.Locale;

/// Puts into an environ what a proxy says. An empty text says nothing.
record Fix(Environ environ) {
    private static final int MAX_PORT = 65535;

    void address(String address) {
        if (!address.isEmpty()) {
            environ.put("REMOTE_ADDR", address);
        }
    }

    void scheme(String scheme) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        if (lower.equals("http") || lower.equals("https")) {
            environ.put("wsgi.url_scheme", lower);
        }
    }

    void host(String host) {
        String name = withoutPort(host);
        if (name.isEmpty()) {
            return;
        }
        environ.put("HTTP_HOST", host);
        environ.put("SERVER_NAME", name);
        if (name.length() < host.length() && isPort(host.substring(name.length() + 1))) {
            environ.put("SERVER_PORT", host.substring(name.length() + 1));
        }
    }

    void port(String port) {
        if (isPort(port)) {
            environ.text("HTTP_HOST")
                    .filter(host -> !host.isEmpty())
                    .ifPresent(host -> environ.put("HTTP_HOST", withoutPort(host) + ":" + port));
            environ.put("SERVER_PORT", port);
        }
    }

    void prefix(String prefix) {
        if (prefix.startsWith("/")) {
            // PATH_INFO begins with the slash.
            environ.put("SCRIPT_NAME", prefix.replaceFirst("/+$", ""));
        }
    }

    void forwarded(Forwarded client) {
        Forwarded.Node node = client.node();
        address(node.address());
        if (!node.port().isEmpty()) {
            environ.put("REMOTE_PORT", node.port());
        }
        scheme(client.scheme());
        host(client.host());
    }

    // An IPv6 address without a port ends with a bracket.
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
    }

    static boolean isPort(String text) {
        return !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= MAX_PORT;
    }
}
