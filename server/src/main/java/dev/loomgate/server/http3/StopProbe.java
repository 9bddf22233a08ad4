package dev.loomgate.server.http3;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/// What waits to be written, without a byte, on a stream whose response has not begun: Netty tells that the client has
/// sent STOP_SENDING by failing what waits, and by nothing else. Loop side only.
final class StopProbe extends UnpooledDirectByteBuf {
    private boolean waits = true;

    StopProbe() {
        super(UnpooledByteBufAllocator.DEFAULT, 1, 1);
    }

    /// What is written next goes out.
    void giveWay() {
        waits = false;
    }

    // Netty keeps what is readable and of which QUIC has taken nothing.
    @Override
    public boolean isReadable() {
        return waits;
    }
}
