package dev.loomgate.server.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/// Notices that a client takes nothing of what is to be sent. Loop side only.
///
/// It looks at the channel once a tick, so that nothing has to be counted when bytes are sent.
final class Stall {
    private long since;
    private long mark;

    /// For how long nothing has moved: 0 if nothing waits to be sent, or some bytes have gone since the last look.
    long lastsNanos(Channel channel, long now) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            mark = 0;
            return 0;
        }
        long current = 31 * pending.totalPendingWriteBytes() + pending.currentProgress() + 1;
        if (current != mark) {
            mark = current;
            since = now;
        }
        return now - since;
    }
}
