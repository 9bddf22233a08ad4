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

        /// It isn't. Any thread.
        ///
        /// @param forNow the server is at something: messages that wait, a ping, bytes that the client
        ///     hasn't taken. Otherwise it can't be lent: it is encrypted, or compressed
        void refused(boolean forNow);

        /// It is wanted back. Loop side; may overtake [#lent], after which it counts.
        void wanted();
    }

    /// Asks for the connection, after what has been sent. The sender's thread; once until it is given back. Nothing may
    /// be sent until the answer, or while it is lent.
    void lend(Borrower borrower);

    /// A connection that comes back.
    ///
    /// @param written how many bytes were written on it
    /// @param unwritten bytes of frames that are still to be written
    /// @param unread bytes that have been read of frames that haven't become messages
    /// @param quiet nothing has come for the time after which its client is pinged
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Back(long written, byte[] unwritten, byte[] unread, boolean quiet) {
        /// With nothing to tell.
        public static Back withNothing() {
            return new Back(0, new byte[0], new byte[0], false);
        }
    }

    /// Gives it back; has no effect on one that isn't lent. The sender's thread.
    void giveBack(Back back);
}
