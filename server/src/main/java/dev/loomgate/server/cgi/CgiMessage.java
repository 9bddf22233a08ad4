package dev.loomgate.server.cgi;

/// What a decoder makes of the bytes that have come so far, where a connection carries one request. Every one but
/// [Incomplete] is the connection's last.
public sealed interface CgiMessage permits CgiMessage.Incomplete, CgiMessage.Ping, CgiRequest, Refused {
    /// More bytes must come.
    enum Incomplete implements CgiMessage {
        INCOMPLETE
    }

    /// Somebody asks whether the server lives: answer with these bytes and close.
    record Ping(byte[] pong) implements CgiMessage {}
}
