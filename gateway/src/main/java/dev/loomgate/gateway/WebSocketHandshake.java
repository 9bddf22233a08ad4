package dev.loomgate.gateway;

import java.util.List;

/// A client's wish to open a WebSocket, which this container can fulfil: see [Environ#webSocket].
///
/// The application decides by its answer. It accepts with status 101 and a [Body.WebSocketBody], which [#accept] makes.
/// It declines with any other answer, such as 403. The container adds the fields that make the handshake
/// (`Upgrade`, `Sec-WebSocket-Accept`, `Sec-WebSocket-Extensions`), and sends 200 instead of 101 where the protocol
/// says so (RFC 8441).
///
/// @param subprotocols what the client offers in `Sec-WebSocket-Protocol`, in its order; may be empty
public record WebSocketHandshake(List<String> subprotocols) {
    public WebSocketHandshake {
        subprotocols = List.copyOf(subprotocols);
    }

    /// Accepts, without a subprotocol: the application returns the result.
    public Body accept(StartResponse startResponse, WebSocket.Handler handler) {
        return accept(startResponse, new Headers(), handler);
    }

    /// Accepts with one of the client's subprotocols.
    ///
    /// @throws IllegalArgumentException if the client doesn't offer it
    public Body accept(StartResponse startResponse, String subprotocol, WebSocket.Handler handler) {
        if (!subprotocols.contains(subprotocol)) {
            throw new IllegalArgumentException("the client offers the subprotocols %s, not \"%s\""
                    .formatted(subprotocols, Quoting.printable(subprotocol)));
        }
        return accept(startResponse, Headers.of("Sec-WebSocket-Protocol", subprotocol), handler);
    }

    private static Body accept(StartResponse startResponse, Headers headers, WebSocket.Handler handler) {
        startResponse.start(Status.SWITCHING_PROTOCOLS, headers);
        return Body.webSocket(handler);
    }
}
