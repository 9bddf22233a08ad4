package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.AddressBlock;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.proxy.ProxyFix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Whether it is the machine's own user who asks.
final class Loopback {
    // A proxy on this machine has a loopback address, too, for every client.
    private static final List<String> OF_PROXIES = List.of(
            "HTTP_FORWARDED",
            "HTTP_VIA",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_FORWARDED_HOST",
            "HTTP_X_FORWARDED_PROTO",
            "HTTP_X_REAL_IP");

    private Loopback() {}

    static boolean asks(Environ environ) {
        return isAddress(peer(environ))
                && isHost(environ.text("HTTP_HOST", environ.text("SERVER_NAME", "")))
                && OF_PROXIES.stream().noneMatch(environ::containsKey);
    }

    private static String peer(Environ environ) {
        return environ.get(ProxyFix.ORIGINAL) instanceof Map<?, ?> before
                ? String.valueOf(before.get("REMOTE_ADDR"))
                : environ.text("REMOTE_ADDR", "");
    }

    private static boolean isAddress(String text) {
        Optional<byte[]> address = AddressBlock.address(text);
        try {
            return address.isPresent()
                    && InetAddress.getByAddress(address.get()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    // A name of another host that leads here is how a page of that host would get at this one (DNS rebinding).
    private static boolean isHost(String header) {
        String host = header.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || isAddress(host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
    }
}
