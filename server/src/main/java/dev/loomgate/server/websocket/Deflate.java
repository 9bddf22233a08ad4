package dev.loomgate.server.websocket;

import dev.loomgate.server.WebSocketOptions.Compression;
import java.util.Locale;
import java.util.Optional;

/// What was agreed about permessage-deflate (RFC 7692 section 7.1).
///
/// The first of the client's offers that can be served counts. `server_max_window_bits` below 15 can't be: the JDK's
/// deflater has no smaller window.
///
/// @param field the extension with its parameters, as the response has it
/// @param serverContext whether the server's messages may refer to earlier ones
/// @param clientContext whether the client's messages may
record Deflate(String field, boolean serverContext, boolean clientContext) {
    private static final String NAME = "permessage-deflate";
    private static final String NO_SERVER_CONTEXT = "server_no_context_takeover";
    private static final String NO_CLIENT_CONTEXT = "client_no_context_takeover";

    /// Agrees to one of the offers, or to none.
    ///
    /// @param offers the value of `Sec-WebSocket-Extensions`
    static Optional<Deflate> agree(String offers, Compression compression) {
        if (compression == Compression.OFF) {
            return Optional.empty();
        }
        for (String offer : offers.split(",", -1)) {
            Optional<Deflate> agreed = agreeTo(offer.split(";", -1), compression);
            if (agreed.isPresent()) {
                return agreed;
            }
        }
        return Optional.empty();
    }

    private static Optional<Deflate> agreeTo(String[] parts, Compression compression) {
        if (!parts[0].strip().equalsIgnoreCase(NAME)) {
            return Optional.empty();
        }
        boolean serverContext = compression == Compression.CONTEXT;
        boolean clientContext = serverContext;
        boolean fullWindow = false;
        int seen = 0;
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            String name = pair[0].strip().toLowerCase(Locale.ROOT);
            String value = pair.length == 1 ? "" : unquoted(pair[1].strip());
            int bit =
                    switch (name) {
                        case NO_SERVER_CONTEXT -> 1;
                        case NO_CLIENT_CONTEXT -> 2;
                        case "server_max_window_bits" -> 4;
                        case "client_max_window_bits" -> 8;
                        default -> 0;
                    };
            boolean valid =
                    switch (bit) {
                        case 1, 2 -> pair.length == 1;
                        case 4 -> value.equals("15");
                        case 8 -> pair.length == 1 || isWindow(value);
                        default -> false;
                    };
            if (!valid || (seen & bit) != 0) {
                return Optional.empty();
            }
            seen |= bit;
            serverContext &= bit != 1;
            clientContext &= bit != 2;
            fullWindow |= bit == 4;
        }
        String field = NAME
                + (serverContext ? "" : "; " + NO_SERVER_CONTEXT)
                + (clientContext ? "" : "; " + NO_CLIENT_CONTEXT)
                + (fullWindow ? "; server_max_window_bits=15" : "");
        return Optional.of(new Deflate(field, serverContext, clientContext));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static boolean isWindow(String value) {
        return value.matches("8|9|1[0-5]");
    }
}
