package dev.loomgate.server.connection;

/// Notices that a client takes nothing of what is to be sent, or too little. Loop side only.
///
/// It is shown once a tick how much has been taken, so that nothing has to be timed when bytes are sent. Where nothing
/// waits to be sent, the client isn't the one who is slow, and everything begins again.
public final class WriteStall {
    private boolean waits;
    private long taken;
    private long since;
    private long windowTaken;
    private long windowSince;

    /// Nothing waits for the client.
    public void nothingWaits() {
        waits = false;
    }

    /// Something waits; looks at what the client has taken since the last time.
    ///
    /// @param current all bytes that the client has taken
    public void look(long current, long now) {
        if (!waits) {
            waits = true;
            since = now;
            windowSince = now;
            windowTaken = current;
        } else if (current != taken) {
            since = now;
        }
        taken = current;
    }

    /// For how long no byte has been taken of what waits; 0 if nothing waits.
    long lastsNanos(long now) {
        return waits ? now - since : 0;
    }

    /// The bytes that were taken in a window of that length, once it is over; then the next one begins. -1 while it
    /// isn't over, and where nothing waits.
    long takenIn(long windowNanos, long now) {
        if (!waits || now - windowSince < windowNanos) {
            return -1;
        }
        long bytes = taken - windowTaken;
        windowTaken = taken;
        windowSince = now;
        return bytes;
    }
}
