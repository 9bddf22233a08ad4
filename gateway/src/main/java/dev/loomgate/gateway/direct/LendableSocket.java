package dev.loomgate.gateway.direct;

/// A WebSocket whose connection its application may have for a while, to read and write messages on it itself
/// (decision 115): a server that can lend one gives handlers a `WebSocket` that is this, too.
///
/// While it is lent, the server neither reads nor writes it. Everything else stays the server's: the handshake, pings,
/// the close, deadlines, the log.
public interface LendableSocket {
    /// Who asks for a connection.
    interface Borrower {
        /// It is lent. Called in the receiver's thread, after it has received what came before.
        ///
        /// @param descriptor the connection's, which stays the server's; what is sent to another
        ///     process is a copy
        void lent(int descriptor);

        /// It isn't, and won't be: it is encrypted or compressed, it closes, or its client is slow. Any thread.
        void refused();

        /// It is wanted back. Loop side.
        void wanted();
    }

    /// Asks for the connection, after what has been sent. The sender's thread; once until it is given back. Nothing may
    /// be sent until the answer, or while it is lent.
    void lend(Borrower borrower);

    /// Gives it back; has no effect on one that isn't lent. The sender's thread.
    ///
    /// @param written how many bytes of frames have been written to it, for the log
    /// @param unwritten bytes of frames that are still to be written
    /// @param unread bytes that have been read of frames that haven't become messages
    void giveBack(long written, byte[] unwritten, byte[] unread);
}
