package dev.loomgate.server.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/// Notices that a client takes nothing of what is to be sent, or too little. Loop side only.
///
/// It looks at the channel once a tick, so that nothing has to be timed when bytes are sent. Where nothing waits to be
/// sent, the client isn't the one who is slow, and everything begins again.
final class WriteStall {
    private boolean waits;
    private long taken;
    private long since;
    private long windowTaken;
    private long windowSince;

    /// Looks at what the client has taken since the last time.
    ///
    /// @param written all bytes that the channel has been given
    void look(Channel channel, long written, long now) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            waits = false;
            return;
        }
        long current = written - pending.totalPendingWriteBytes() + pending.currentProgress();
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
