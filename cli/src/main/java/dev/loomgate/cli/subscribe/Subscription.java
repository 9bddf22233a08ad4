package dev.loomgate.cli.subscribe;

import dev.loomgate.cli.options.values.KeyValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One subscription, as an option says it.
///
/// @param text as it was given
/// @param server the subscription server: HOST:PORT, or a unix socket's path
/// @param key the name that is served, or `@FILE` for a name a line
/// @param address what the server is told to connect to; null for the address of a socket
/// @param socket the number of that socket among those for uwsgi, from 0
/// @param weight empty for that of all subscriptions
/// @param check a file with which nothing is sent; null for none
/// @param more what is sent besides
public record Subscription(
        String text,
        String server,
        String key,
        @Nullable String address,
        int socket,
        int modifier1,
        int modifier2,
        OptionalInt weight,
        @Nullable Path check,
        Map<String, String> more) {
    private static final String SIGNED = "signed packets are not made yet";
    private static final int MOST_KEY_BYTES = 255;
    private static final Map<String, String> KEYS = Stream.of(
                    "server",
                    "key",
                    "socket",
                    "addr",
                    "weight",
                    "modifier1",
                    "modifier2",
                    "check",
                    "sni_key",
                    "sni_crt",
                    "sni_ca")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    public Subscription {
        more = Map.copyOf(more);
    }

    /// A name and its modifier.
    record Name(String key, int modifier1) {}

    /// `[ADDRESS=]SERVER:KEY[,MODIFIER1]`.
    ///
    /// @throws IllegalArgumentException if it is none
    static Subscription plain(String option, String text) {
        int equals = text.indexOf('=');
        String address = equals < 0 ? null : text.substring(0, equals);
        if (address != null && (address.isEmpty() || address.startsWith("="))) {
            throw wrong(option, text, "the address before = is HOST:PORT or a unix socket's path");
        }
        String rest = text.substring(equals + 1);
        boolean unix = rest.startsWith("/");
        int colon = rest.indexOf(':', unix ? 1 : Math.max(rest.indexOf(']'), 0));
        int second = unix || colon < 0 ? colon : rest.indexOf(':', colon + 1);
        if (second < 0 || second == rest.length() - 1) {
            throw wrong(option, text, "it is [ADDRESS=]HOST:PORT:KEY, or [ADDRESS=]/PATH:KEY");
        }
        String server = rest.substring(0, second);
        String key = rest.substring(second + 1);
        List<String> parts = key.startsWith("@") ? List.of(key) : List.of(key.split(",", -1));
        if (parts.size() > 2) {
            throw wrong(option, text, SIGNED);
        }
        checkServer(option, text, server);
        checkKey(option, text, parts.getFirst());
        return new Subscription(
                text,
                server,
                parts.getFirst(),
                address,
                0,
                parts.size() < 2 ? 0 : number(option, text, "modifier1", parts.get(1), 255),
                0,
                OptionalInt.empty(),
                null,
                Map.of());
    }

    /// `server=...,key=...` and others.
    ///
    /// @throws IllegalArgumentException if it is none
    static Subscription keyed(String option, String text) {
        Map<String, String> values = KeyValues.parse(option, text, KEYS, Map.of("sign", SIGNED));
        String server = values.get("server");
        String key = values.get("key");
        if (server == null || key == null) {
            throw wrong(option, text, "it needs server= and key=");
        }
        checkServer(option, text, server);
        checkKey(option, text, key);
        String weight = values.get("weight");
        String check = values.get("check");
        Map<String, String> more = new TreeMap<>(values);
        more.keySet().retainAll(List.of("sni_key", "sni_crt", "sni_ca"));
        return new Subscription(
                text,
                server,
                key,
                values.get("addr"),
                number(option, text, "socket", values.getOrDefault("socket", "0"), 1000),
                number(option, text, "modifier1", values.getOrDefault("modifier1", "0"), 255),
                number(option, text, "modifier2", values.getOrDefault("modifier2", "0"), 255),
                weight == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(number(option, text, "weight", weight, Integer.MAX_VALUE)),
                check == null ? null : Path.of(check),
                more);
    }

    private static void checkServer(String option, String text, String server) {
        if (!server.startsWith("/") && !server.matches(".+:[0-9]{1,5}")) {
            throw wrong(option, text, "the subscription server is HOST:PORT, or a unix socket's path");
        }
    }

    private static void checkKey(String option, String text, String key) {
        if (key.isEmpty() || key.length() > MOST_KEY_BYTES) {
            throw wrong(option, text, "a key has 1 to %d characters".formatted(MOST_KEY_BYTES));
        }
    }

    private static int number(String option, String text, String what, String value, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message is the same.
        }
        throw wrong(option, text, "%s is a number from 0 to %d".formatted(what, most));
    }

    private static IllegalArgumentException wrong(String option, String text, String why) {
        return new IllegalArgumentException("%s %s: %s".formatted(option, text, why));
    }

    /// The names that it is for now. Reads the file of names each time.
    ///
    /// @throws IOException if that can't be read
    List<Name> names() throws IOException {
        if (!key.startsWith("@")) {
            return List.of(new Name(key, modifier1));
        }
        List<Name> names = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(key.substring(1)))) {
            int comma = line.indexOf(',');
            String name = comma < 0 ? line : line.substring(0, comma);
            if (!name.isBlank() && !line.startsWith("#")) {
                int modifier =
                        comma < 0 ? 0 : number("subscription file", line, "modifier1", line.substring(comma + 1), 255);
                names.add(new Name(name, modifier));
            }
        }
        return names;
    }
}
