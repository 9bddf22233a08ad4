package dev.loomgate.python.direct;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.python.wire.PacketHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A shared socket that notes what it is told.
///
/// @param descriptor of a real listening socket, or of none
public record RecordingSocket(
        int descriptor, BlockingQueue<HandedOver> handedOver, List<Takers> takers, BlockingQueue<String> answers)
        implements SharedSocket {
    /// What has come by [#handOver].
    public record HandedOver(
            int descriptor, byte[] read, @Nullable BegunRequest begun) {}

    public RecordingSocket(int descriptor) {
        this(descriptor, new LinkedBlockingQueue<>(), new CopyOnWriteArrayList<>(), new LinkedBlockingQueue<>());
    }

    @Override
    public void takenBy(Takers who) {
        takers.add(who);
    }

    @Override
    public void handOver(int connection, byte[] read, @Nullable BegunRequest begun) {
        handedOver.add(new HandedOver(connection, read, begun));
    }

    @Override
    public void answered(byte[] packet, int status, long contentBytes, long nanos, @Nullable AnswerDetails details) {
        answers.add("%s: %d, %d bytes, %d ns%s"
                .formatted(
                        new String(packet, StandardCharsets.ISO_8859_1),
                        status,
                        contentBytes,
                        nanos,
                        details == null ? "" : ", " + details));
    }

    @Override
    public void lost(byte[] packet, long nanos) {
        answers.add("%s: lost after %d ns".formatted(PacketHead.of(packet), nanos));
    }
}
