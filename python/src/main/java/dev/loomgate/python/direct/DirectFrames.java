package dev.loomgate.python.direct;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.PacketHead;
import dev.loomgate.python.wire.ToldRequest;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// Reads what a worker tells of direct requests. Pure, except [#answered] and [#lost], which pass on.
final class DirectFrames {
    private final List<SharedSocket> sockets;
    private final boolean details;

    /// @param details whether ANSWERED tells of responses' heads
    DirectFrames(List<SharedSocket> sockets, boolean details) {
        this.sockets = sockets;
        this.details = details;
    }

    /// A connection of which nothing has begun.
    record Punted(SharedSocket socket, byte[] read) {}

    /// A request that the worker runs.
    ///
    /// @param nanos when it began
    /// @param packet and its body; of HTTP with the worker's line before it
    record Begun(SharedSocket socket, long nanos, byte[] packet) {
        /// As the client has sent it.
        byte[] request() {
            return socket.speaksHttp() ? ToldRequest.asItCame(packet) : packet;
        }

        PacketHead head() {
            return PacketHead.of(packet);
        }
    }

    Punted punted(ByteBuf payload) {
        return new Punted(socket(payload), bytes(payload, payload.readableBytes()));
    }

    Begun begun(ByteBuf payload) {
        return new Begun(socket(payload), payload.readLongLE(), bytes(payload, payload.readableBytes()));
    }

    /// @param worker the number of the worker that tells
    /// @param pid of its process
    /// @param oneAtATime whether it runs one request at a time
    void answered(ByteBuf payload, int worker, long pid, boolean oneAtATime) {
        while (payload.isReadable()) {
            SharedSocket socket = socket(payload);
            int status = payload.readUnsignedShortLE();
            long contentBytes = payload.readLongLE();
            long nanos = payload.readLongLE();
            AnswerDetails more = details
                    ? new AnswerDetails(payload.readIntLE(), payload.readUnsignedShortLE(), worker, pid, oneAtATime)
                    : null;
            socket.answered(bytes(payload, payload.readIntLE()), status, contentBytes, nanos, more);
        }
    }

    /// The worker has died inside this request, and may have written anything there before that.
    void lost(Scoreboard.Inside request, long nowNanos) {
        if (request.socket() >= 0 && request.socket() < sockets.size()) {
            sockets.get(request.socket()).lost(request.packet(), nowNanos - request.sinceNanos());
        }
    }

    private SharedSocket socket(ByteBuf payload) {
        int number = payload.readIntLE();
        if (number < 0 || number >= sockets.size()) {
            throw new FrameException("there is no listening socket " + number);
        }
        return sockets.get(number);
    }

    private static byte[] bytes(ByteBuf payload, int count) {
        if (count < 0 || count > payload.readableBytes()) {
            throw new FrameException("a packet of %d bytes, of which %d are there"
                    .formatted(Integer.toUnsignedLong(count), payload.readableBytes()));
        }
        byte[] bytes = new byte[count];
        payload.readBytes(bytes);
        return bytes;
    }
}
