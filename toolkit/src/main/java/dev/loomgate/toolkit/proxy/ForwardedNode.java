package dev.loomgate.toolkit.proxy;

import dev.loomgate.toolkit.syntax.Ascii;

/// Who sent a request, as a proxy names it: in `Forwarded` (RFC 7239 section 6) and in `X-Forwarded-For`, where some
/// proxies add the port, too.
///
/// ```
/// 192.0.2.43    192.0.2.43:4711    [2001:db8::17]    [2001:db8::17]:4711    2001:db8::17    unknown    _hidden
/// ```
///
/// @param address an IP address without brackets and port; what is none is as it came, such as `unknown`, or a made
/// up name; or empty
/// @param port decimal digits; or empty
record ForwardedNode(String address, String port) {
    static ForwardedNode of(String value) {
        String text = Ascii.trim(value);
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            String address = bracket < 0 ? "" : text.substring(1, bracket);
            String rest = text.substring(bracket + 1);
            return address.indexOf(':') >= 0 && (rest.isEmpty() || rest.startsWith(":"))
                    ? new ForwardedNode(address, port(rest))
                    : new ForwardedNode(text, "");
        }
        int colon = text.indexOf(':');
        // Two colons are an IPv6 address that somebody left without brackets.
        return colon < 0 || text.indexOf(':', colon + 1) >= 0
                ? new ForwardedNode(text, "")
                : new ForwardedNode(text.substring(0, colon), port(text.substring(colon)));
    }

    // One that is made up, such as _4711, says nothing.
    private static String port(String rest) {
        return rest.startsWith(":") && ForwardedEnviron.isPort(rest.substring(1)) ? rest.substring(1) : "";
    }
}
