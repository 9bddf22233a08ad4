package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.sansio.OptionsHeader;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The cookies of a client: of one host, by name and path (RFC 6265 section 5.3, without domains and clocks).
public final class Cookies {
    private record Key(String name, String path) {}

    private final Map<Key, String> values = new LinkedHashMap<>();

    Cookies() {}

    /// Sets a cookie for all paths, as if a response had.
    public void set(String name, String value) {
        values.put(new Key(name, "/"), value);
    }

    /// The value of the cookie of that name, as it stands in the header.
    public Optional<String> value(String name) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// Forgets all of them.
    public void clear() {
        values.clear();
    }

    void receive(Headers headers) {
        for (String header : headers.all("Set-Cookie")) {
            int semicolon = header.indexOf(';');
            String pair = semicolon < 0 ? header : header.substring(0, semicolon);
            int equals = pair.indexOf('=');
            if (equals > 0) {
                Map<String, String> options = OptionsHeader.parse(path(header)).options();
                Key key = new Key(pair.substring(0, equals), options.getOrDefault("path", "/"));
                if ("0".equals(options.get("max-age"))) {
                    values.remove(key);
                } else {
                    values.put(key, pair.substring(equals + 1));
                }
            }
        }
    }

    // A path is no token: quoted, the options' parser takes it.
    private static String path(String header) {
        return header.replaceFirst("(?i)(;\\s*path=)([^;]*)", "$1\"$2\"");
    }

    String header(String path) {
        StringBuilder header = new StringBuilder();
        Iterator<Map.Entry<Key, String>> all = values.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Key, String> cookie = all.next();
            if (covers(cookie.getKey().path(), path)) {
                header.append(header.isEmpty() ? "" : "; ")
                        .append(cookie.getKey().name())
                        .append('=')
                        .append(cookie.getValue());
            }
        }
        return header.toString();
    }

    private static boolean covers(String cookiePath, String path) {
        return path.equals(cookiePath)
                || (path.startsWith(cookiePath)
                        && (cookiePath.endsWith("/") || path.charAt(cookiePath.length()) == '/'));
    }
}
