package dev.loomgate.cli.stats;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Where statistics are sent again and again, as an option says it.
///
/// | text | what goes there |
/// |---|---|
/// | `file:path=/var/log/stats.json,freq=10,separator=---` | the document, appended to the file, then the separator |
/// | `socket:127.0.0.1:8125,prefix` | a datagram for each metric: `prefix.worker.1.requests 0 17` |
/// | `statsd:127.0.0.1:8125,prefix` | the same as statsd reads it: `prefix.worker.1.requests:17\|c` |
public sealed interface StatsPush {
    /// Appends the document to a file.
    ///
    /// @param separator after each
    /// @param period how often; zero for as often as all
    record ToFile(Path path, String separator, Duration period) implements StatsPush {}

    /// Sends a datagram for each metric.
    ///
    /// @param prefix of their names
    /// @param statsd whether in statsd's form
    record ToSocket(InetSocketAddress address, String prefix, boolean statsd) implements StatsPush {}

    Set<String> FILE_KEYS = Set.of("path", "freq", "separator");

    /// @param directory what paths are relative to
    /// @throws IllegalArgumentException if the text is none; the message says why in one line
    static StatsPush of(String text, Path directory) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        return switch (kind) {
            case "file" -> toFile(text, rest, directory);
            case "socket" -> toSocket(text, rest, false);
            case "statsd" -> toSocket(text, rest, true);
            default ->
                throw wrong(text, "'" + kind + "' is no way to send statistics; there are file, socket and statsd");
        };
    }

    private static StatsPush toFile(String text, String rest, Path directory) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : rest.isEmpty() ? new String[0] : rest.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0 || !FILE_KEYS.contains(pair.substring(0, equals))) {
                throw wrong(text, "'" + pair + "' is none of path=FILE, freq=SECONDS and separator=TEXT");
            }
            values.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        String seconds = values.getOrDefault("freq", "0");
        if (!seconds.matches("[0-9]{1,9}")) {
            throw wrong(text, "freq is a number of seconds");
        }
        return new ToFile(
                directory.resolve(values.getOrDefault("path", "uwsgi.stats")),
                values.getOrDefault("separator", "\n\n"),
                Duration.ofSeconds(Long.parseLong(seconds)));
    }

    private static StatsPush toSocket(String text, String rest, boolean statsd) {
        int comma = rest.indexOf(',');
        String address = comma < 0 ? rest : rest.substring(0, comma);
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535 || port.matches("0+")) {
            throw wrong(text, "a UDP address is HOST:PORT, with a port from 1 to 65535");
        }
        InetSocketAddress to = new InetSocketAddress(address.substring(0, colon), Integer.parseInt(port));
        if (to.isUnresolved()) {
            throw wrong(text, "the host " + address.substring(0, colon) + " is not known");
        }
        return new ToSocket(to, comma < 0 ? "uwsgi" : rest.substring(comma + 1), statsd);
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("--stats-push %s: %s".formatted(text, why));
    }
}
