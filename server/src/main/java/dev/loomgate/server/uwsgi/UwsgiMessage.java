package dev.loomgate.server.uwsgi;

/// What [UwsgiDecoder] makes of the bytes that have come so far. Every one but [Incomplete] is the connection's
/// last: a uwsgi connection carries one packet.
public sealed interface UwsgiMessage permits UwsgiMessage.Incomplete, UwsgiMessage.Ping, UwsgiRequest, Refused {
    /// More bytes must come.
    enum Incomplete implements UwsgiMessage {
        INCOMPLETE
    }

    /// Somebody asks whether the server lives (modifier1 100): answer with [#pong] and close.
    enum Ping implements UwsgiMessage {
        PING;

        /// The answer: modifier1 100, no variables, modifier2 1.
        public byte[] pong() {
            return new byte[] {UwsgiModifiers.PING, 0, 0, 1};
        }
    }
}
