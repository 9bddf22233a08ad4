package dev.loomgate.toolkit.syntax;

import java.net.IDN;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which host a request was made to.
public final class HostHeader {
    private static final Pattern VALID =
            Pattern.compile("(?:[A-Za-z0-9.-]+|\\[[A-Fa-f0-9]*:[A-Fa-f0-9.:]+])(?::([1-9][0-9]{0,4}))?");

    private HostHeader() {}

    /// The `Host` header's value without the scheme's own port, or an empty text if it is no valid host: what a
    /// client made up must not get into a URL.
    public static String of(String scheme, String value) {
        String host = withoutDefaultPort(scheme, value);
        var matcher = VALID.matcher(host);
        if (!matcher.matches()) {
            return "";
        }
        String port = matcher.group(1);
        return port != null && Integer.parseInt(port) > 65535 ? "" : host;
    }

    /// Whether the host is one of `trusted`, whatever its port: `example.org`, or `.example.org` for that and what
    /// is below it.
    ///
    /// @param host as [#of] returns it; empty for none
    public static boolean isTrusted(String host, Collection<String> trusted) {
        String name = host.startsWith("[") ? host.substring(0, host.indexOf(']') + 1) : withoutPort(host);
        if (name.isEmpty()) {
            return false;
        }
        for (String entry : trusted) {
            boolean below = entry.startsWith(".");
            String wanted = withoutPort(below ? entry.substring(1) : entry);
            String ascii = (entry.startsWith("[") ? entry : IDN.toASCII(wanted)).toLowerCase(Locale.ROOT);
            String given = name.toLowerCase(Locale.ROOT);
            if (given.equals(ascii) || (below && given.endsWith("." + ascii))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutPort(String host) {
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    /// The host of a request without a `Host` header: the server's own name.
    public static String ofServer(String scheme, String name, String port) {
        String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
        return of(scheme, host + ":" + port);
    }

    public static String withoutDefaultPort(String scheme, String host) {
        String port =
                switch (scheme) {
                    case "http", "ws" -> ":80";
                    case "https", "wss" -> ":443";
                    default -> "";
                };
        return !port.isEmpty() && host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
    }
}
