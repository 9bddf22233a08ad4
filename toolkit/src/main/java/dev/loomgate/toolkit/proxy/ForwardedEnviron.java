package dev.loomgate.toolkit.proxy;

import dev.loomgate.gateway.AddressBlock;
import dev.loomgate.gateway.Environ;
import java.util.Locale;
import java.util.function.Consumer;

/// Puts into an environ what a proxy says. An empty text says nothing.
///
/// @param addressesOnly whether a client's name that is no address changes nothing
/// @param unused told of what changes nothing although it says something
record ForwardedEnviron(Environ environ, boolean addressesOnly, Consumer<String> unused) {
    private static final int MAX_PORT = 65535;

    void client(ForwardedNode client) {
        if (addressesOnly
                && !client.address().isEmpty()
                && AddressBlock.address(client.address()).isEmpty()) {
            unused.accept(client.address());
        } else if (!client.address().isEmpty()) {
            environ.put("REMOTE_ADDR", client.address());
            if (!client.port().isEmpty()) {
                environ.put("REMOTE_PORT", client.port());
            } else if (addressesOnly) {
                // That of the proxy isn't the client's.
                environ.put("REMOTE_PORT", "0");
            }
        }
    }

    void scheme(String scheme) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        if (lower.equals("http") || lower.equals("https")) {
            environ.put("wsgi.url_scheme", lower);
        } else if (!scheme.isEmpty()) {
            unused.accept(scheme);
        }
    }

    void host(String said) {
        // An IPv6 address that somebody left without brackets has no port.
        boolean bare = !said.startsWith("[")
                && said.indexOf(':') >= 0
                && AddressBlock.address(said).isPresent();
        String host = bare ? "[" + said + "]" : said;
        String name = withoutPort(host);
        if (name.isEmpty() || name.startsWith("[") != name.endsWith("]")) {
            if (!said.isEmpty()) {
                unused.accept(said);
            }
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
        } else if (!port.isEmpty()) {
            unused.accept(port);
        }
    }

    void prefix(String prefix) {
        if (prefix.startsWith("/")) {
            // PATH_INFO begins with the slash.
            environ.put("SCRIPT_NAME", prefix.replaceFirst("/+$", ""));
        }
    }

    void forwarded(Forwarded client) {
        client(client.node());
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
