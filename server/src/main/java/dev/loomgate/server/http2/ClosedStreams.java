package dev.loomgate.server.http2;

/// The streams that were closed last: frames that were under way when the server reset one are no fault, others are
/// (RFC 9113 section 5.1). Loop side only.
final class ClosedStreams {
    private static final int KEPT = 128;

    private final int[] ids = new int[KEPT];
    private int next;

    /// How a stream ended.
    enum End {
        /// It isn't among those that are remembered.
        UNKNOWN,
        /// Each side has said that it is over, or the client has reset it.
        KNOWN_TO_CLIENT,
        /// The server has reset it, which the client may not know yet.
        RESET
    }

    /// Remembers a stream, and forgets the oldest.
    void add(int id, boolean reset) {
        ids[next] = reset ? -id : id;
        next = (next + 1) % KEPT;
    }

    End endOf(int id) {
        for (int known : ids) {
            if (known == id) {
                return End.KNOWN_TO_CLIENT;
            }
            if (known == -id) {
                return End.RESET;
            }
        }
        return End.UNKNOWN;
    }
}
