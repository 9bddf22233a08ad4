package dev.loomgate.toolkit.proxy;

import dev.loomgate.toolkit.syntax.OptionsHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one proxy says of the request that it got: an element of `Forwarded` (RFC 7239 section 4).
///
/// ```
/// Forwarded: for=192.0.2.43, for="[2001:db8::17]:4711";proto=https;host=example.org;by=10.0.0.1
/// ```
///
/// @param node who sent the request
/// @param scheme `proto`; or empty
/// @param host `host`; or empty
record Forwarded(ForwardedNode node, String scheme, String host) {
    static final String KEY = "HTTP_FORWARDED";

    /// What is said of the client's own request: by the element at this place from the end, or with networks to go
    /// by, by the first proxy that is in them, or by the one at this place.
    static Optional<Forwarded> client(String header, String peer, int hops, Networks networks) {
        List<String> elements = fromEnd(header, hops);
        if (networks.all()) {
            return elements.size() < hops ? Optional.empty() : Optional.of(parse(elements.getLast()));
        }
        Optional<Forwarded> client = Optional.empty();
        String sender = peer;
        for (String element : elements) {
            if (!networks.contains(sender)) {
                break;
            }
            Forwarded said = parse(element);
            client = Optional.of(said);
            sender = said.node().address();
        }
        return client;
    }

    // Backwards, for the proxies' elements are the last: whatever a client began with, such as a quote without an end,
    // they are read for what they are.
    private static List<String> fromEnd(String header, int most) {
        List<String> elements = new ArrayList<>();
        boolean quoted = false;
        int end = header.length();
        for (int i = end - 1; i >= -1 && elements.size() < most; i--) {
            if (i < 0 || (header.charAt(i) == ',' && !quoted)) {
                String element = header.substring(i + 1, end);
                if (!element.isBlank()) {
                    elements.add(element);
                }
                end = i;
            } else if (header.charAt(i) == '"' && (i == 0 || header.charAt(i - 1) != '\\')) {
                quoted = !quoted;
            }
        }
        return elements;
    }

    private static Forwarded parse(String element) {
        Map<String, String> pairs = OptionsHeader.parse("element;" + element).options();
        return new Forwarded(
                ForwardedNode.of(pairs.getOrDefault("for", "")),
                pairs.getOrDefault("proto", ""),
                pairs.getOrDefault("host", ""));
    }
}
