package dev.loomgate.server.websocket;

import dev.loomgate.gateway.Variables;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.server.WebSocketOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request for a WebSocket that can be served, and what is agreed if the application accepts it.
public final class OpeningHandshake {
    // RFC 6455 section 1.3.
    private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final String VERSION = "13";

    private final WebSocketHandshake offer;
    private final String accept;
    private final @Nullable Deflate deflate;
    private final WebSocketOptions options;

    private OpeningHandshake(
            WebSocketHandshake offer, String accept, @Nullable Deflate deflate, WebSocketOptions options) {
        this.offer = offer;
        this.accept = accept;
        this.deflate = deflate;
        this.options = options;
    }

    /// Why a request for a WebSocket can't be served.
    ///
    /// @param status 400, or 426 with the version that is served
    /// @param text for the client
    public record Fault(int status, String text) {}

    /// What a request asks for.
    public sealed interface Asked {}

    /// No WebSocket.
    public record Other() implements Asked {}

    /// A WebSocket, and it can have one.
    public record Valid(OpeningHandshake handshake) implements Asked {}

    /// A WebSocket, by a handshake that isn't valid.
    public record Invalid(Fault fault) implements Asked {}

    private static final Asked OTHER = new Other();

    /// Looks at a request that has a field `Upgrade` (RFC 6455 section 4.2.1). It asks for a WebSocket if that says so,
    /// the method is GET and the protocol is HTTP/1.1 or later.
    ///
    /// An extended CONNECT of HTTP/2 comes as such a GET. `Connection: Upgrade` is looked at by the protocol
    /// that has connections of the client's; behind a front end it says nothing.
    public static Asked of(Variables request, WebSocketOptions options) {
        if (!hasToken(text(request, "HTTP_UPGRADE"), "websocket")
                || !"GET".equals(request.get("REQUEST_METHOD"))
                || "HTTP/1.0".equals(request.get("SERVER_PROTOCOL"))) {
            return OTHER;
        }
        String version = text(request, "HTTP_SEC_WEBSOCKET_VERSION");
        if (!version.equals(VERSION)) {
            return new Invalid(
                    version.isEmpty()
                            ? new Fault(400, "Sec-WebSocket-Version is missing")
                            : new Fault(426, "only version 13 of the WebSocket protocol is served"));
        }
        String key = text(request, "HTTP_SEC_WEBSOCKET_KEY");
        if (!isKey(key)) {
            return new Invalid(new Fault(
                    400,
                    key.isEmpty() ? "Sec-WebSocket-Key is missing" : "Sec-WebSocket-Key is not 16 bytes in base64"));
        }
        return new Valid(new OpeningHandshake(
                new WebSocketHandshake(tokens(text(request, "HTTP_SEC_WEBSOCKET_PROTOCOL"))),
                accept(key),
                Deflate.agree(text(request, "HTTP_SEC_WEBSOCKET_EXTENSIONS"), options.compression())
                        .orElse(null),
                options));
    }

    private static String text(Variables request, String name) {
        return request.get(name) instanceof String text ? text : "";
    }

    private static List<String> tokens(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(token -> !token.isEmpty())
                .toList();
    }

    private static boolean hasToken(String list, String token) {
        return tokens(list).stream().anyMatch(token::equalsIgnoreCase);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES && key.length() == 24;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// What the application sees of it.
    public WebSocketHandshake offer() {
        return offer;
    }

    /// The value of `Sec-WebSocket-Accept`, which only HTTP/1.1 has.
    public String accept() {
        return accept;
    }

    /// The value of `Sec-WebSocket-Extensions`, if any extension is agreed.
    public Optional<String> extensions() {
        return Optional.ofNullable(deflate).map(Deflate::field);
    }

    /// Opens the socket.
    ///
    /// @param subprotocol the one that was chosen, or null
    /// @param handOver makes the loop side look at what is to be sent; any thread must be able to run it
    public OpenSocket open(@Nullable String subprotocol, Runnable handOver) {
        boolean in = deflate != null && deflate.clientContext();
        boolean out = deflate != null && deflate.serverContext();
        return new OpenSocket(
                subprotocol,
                new FrameReader(options.maxBytes(), deflate == null ? null : new MessageInflater(in)),
                deflate == null ? null : new MessageDeflater(out),
                options,
                handOver);
    }
}
