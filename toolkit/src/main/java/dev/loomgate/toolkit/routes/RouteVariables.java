package dev.loomgate.toolkit.routes;

import dev.loomgate.toolkit.MimeTypes;
import dev.loomgate.toolkit.syntax.CookieHeader;
import dev.loomgate.toolkit.syntax.HttpDate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/// What `${NAME}` and `${family[NAME]}` stand for.
final class RouteVariables {
    private RouteVariables() {}

    /// The value; empty for what there isn't.
    static String value(String name, Trip trip) {
        int bracket = name.indexOf('[');
        if (bracket < 0 || !name.endsWith("]")) {
            return trip.variable(name);
        }
        String key = name.substring(bracket + 1, name.length() - 1);
        return switch (name.substring(0, bracket)) {
            case "cookie" -> cookie(key, trip.variable("HTTP_COOKIE"));
            case "qs" -> query(key, trip.variable("QUERY_STRING"));
            case "uwsgi" -> ofServer(key, trip);
            case "time" -> time(key);
            case "httptime" -> HttpDate.format(Instant.now().plusSeconds(Numbers.leading(key)));
            case "mime" -> MimeTypes.ofFile(trip.variable(key));
            case "base64" -> Base64.getEncoder().encodeToString(bytes(trip.variable(key)));
            case "hex" -> HexFormat.of().formatHex(bytes(trip.variable(key)));
            case "upper" -> trip.variable(key).toUpperCase(Locale.ROOT);
            case "lower" -> trip.variable(key).toLowerCase(Locale.ROOT);
            default -> trip.variable(name);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String cookie(String key, String header) {
        StringBuilder value = new StringBuilder();
        boolean[] found = {false};
        CookieHeader.parse(header, (name, text) -> {
            if (!found[0] && name.equals(key)) {
                found[0] = true;
                value.append(text);
            }
        });
        return value.toString();
    }

    /// As it is written: nothing is decoded.
    private static String query(String key, String query) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && pair.substring(0, equals).equals(key)) {
                return pair.substring(equals + 1);
            }
        }
        return "";
    }

    private static String ofServer(String key, Trip trip) {
        return switch (key) {
            case "status" -> Integer.toString(trip.status());
            case "uuid" -> UUID.randomUUID().toString();
            case "pid" -> Long.toString(ProcessHandle.current().pid());
            case "rtime" -> Long.toString(trip.micros());
            default -> "";
        };
    }

    private static String time(String key) {
        Instant now = Instant.now();
        return switch (key) {
            case "unix" -> Long.toString(now.getEpochSecond());
            case "micros" -> Long.toString(now.getEpochSecond() * 1_000_000 + now.getNano() / 1000);
            default -> "";
        };
    }
}
