package dev.loomgate.toolkit.syntax;

import java.net.InetAddress;
import java.util.Optional;

/// IP addresses as text.
public final class IpLiteral {
    private IpLiteral() {}

    /// The address's bytes; IPv4 in IPv6 (`::ffff:192.0.2.1`) is IPv4. Empty if it is no address. Asks no DNS.
    public static Optional<byte[]> bytes(String text) {
        // A literal such as "10" is an address to the JDK, and a scope would be looked up.
        if (text.indexOf(':') < 0 ? !text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") : text.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
