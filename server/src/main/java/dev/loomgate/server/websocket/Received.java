package dev.loomgate.server.websocket;

import dev.loomgate.gateway.WebSocket;

/// What a [FrameReader] has read.
sealed interface Received {
    /// Nothing is complete yet.
    record Incomplete() implements Received {}

    /// A message, whole and valid.
    record Message(WebSocket.Message content) implements Received {}

    /// A ping, to be answered with the same payload.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Ping(byte[] payload) implements Received {}

    /// A pong: the client is there.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pong(byte[] payload) implements Received {}

    /// The connection is lent, and nothing comes any more before it is back.
    ///
    /// @param tell to be run by the receiver
    record Lent(Runnable tell) implements Received {}

    /// The client closes.
    record Close(WebSocket.Closed why) implements Received {}

    /// The client breaks the protocol, or sends more than it may; nothing more is read of it.
    ///
    /// @param code to close with
    /// @param problem for people to read
    /// @param setting the setting of the limit that it is over; empty if there is none
    record Violation(int code, String problem, String setting) implements Received {
        Violation(int code, String problem) {
            this(code, problem, "");
        }
    }
}
