package dev.loomgate.toolkit.proxy;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.QuotedString;

/// An `X-Forwarded-*` header: values with commas between them, each proxy's own at the end.
///
/// There is no quoting in it, whatever a client begins with: a quote in what came first mustn't swallow what the
/// proxies added.
final class ForwardedList {
    private ForwardedList() {}

    /// The value at this place from the end, the last one being 1; empty if there is none.
    static String fromEnd(String header, int place) {
        int end = header.length();
        int found = 0;
        while (end >= 0 && found < place) {
            int comma = end == 0 ? -1 : header.lastIndexOf(',', end - 1);
            String value = Ascii.trim(header.substring(comma + 1, end));
            if (!value.isEmpty() && ++found == place) {
                return QuotedString.unquote(value);
            }
            end = comma;
        }
        return "";
    }

    /// The client's address by such a header: at this place from the end; or with networks to go by, the last that
    /// isn't in them, or the one at this place.
    static ForwardedNode client(String header, String peer, int hops, Networks networks) {
        if (networks.all()) {
            return ForwardedNode.of(fromEnd(header, hops));
        }
        ForwardedNode client = new ForwardedNode(peer, "");
        for (int place = 1; place <= hops && networks.contains(client.address()); place++) {
            String before = fromEnd(header, place);
            if (before.isEmpty()) {
                break;
            }
            client = ForwardedNode.of(before);
        }
        return client;
    }
}
