package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What comes from a worker, and the packets of strangers that one passes on: frames and records are the same
/// however they are cut, nothing of them stays in memory, and anything else is a [FrameException].
///
/// Options: 0, a value of `marshal`; 1, records of a WebSocket; 2, a uwsgi packet; else frames.
@Tag("once")
final class WireFuzzTest implements FuzzTarget {
    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        if (input.option(0)) {
            return marshal(input.bytes());
        }
        if (input.option(2)) {
            return packet(input.bytes());
        }
        List<String> whole = input.option(1) ? records(List.of(input.bytes())) : frames(List.of(input.bytes()));
        assertThat(input.option(1) ? records(input.pieces()) : frames(input.pieces()))
                .isEqualTo(whole);
        return !whole.isEmpty() && !whole.getLast().equals("refused");
    }

    private static boolean marshal(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            Object value = MarshalReader.read(in);
            assertThat(in.refCnt()).isEqualTo(1);
            return value != null;
        } catch (FrameException e) {
            return false;
        }
    }

    private static List<String> frames(List<byte[]> pieces) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        List<String> frames = new ArrayList<>();
        FrameReader reader = new FrameReader((type, flags, id, payload) ->
                frames.add("%d %d %d %s".formatted(type, flags, id, payload.toString(StandardCharsets.ISO_8859_1))));
        try {
            for (byte[] piece : pieces) {
                reader.read(allocator.heapBuffer(Math.max(1, piece.length)).writeBytes(piece));
            }
        } catch (FrameException e) {
            frames.add("refused");
        } finally {
            reader.close();
        }
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        return frames;
    }

    private static List<String> records(List<byte[]> pieces) {
        SocketRecords records = new SocketRecords();
        List<String> messages = new ArrayList<>();
        try {
            for (byte[] piece : pieces) {
                records.add(piece);
                for (WebSocket.Message message = records.next(); message != null; message = records.next()) {
                    messages.add(HexFormat.of().formatHex(SocketRecords.record(message)));
                }
            }
        } catch (FrameException e) {
            messages.add("refused");
        }
        return messages;
    }

    // As far as it is there, and read once more in its plainest words.
    private static boolean packet(byte[] given) {
        byte[] bytes = given.clone();
        if (bytes.length > 0) {
            bytes[0] = 0; // else it is what is told of HTTP
            assertThat(PacketHead.of(given).method()).isNotNull();
        }
        Map<String, String> expected = new HashMap<>();
        Set<String> wanted = Set.of("A", "REQUEST_METHOD", "REQUEST_URI");
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.length() < 4 ? 0 : Math.min(text.length(), 4 + text.charAt(1) + 256 * text.charAt(2));
        for (int at = 4; at + 2 <= end; ) {
            int value = at + 2 + text.charAt(at) + 256 * text.charAt(at + 1);
            if (value + 2 > end || value + 2 + text.charAt(value) + 256 * text.charAt(value + 1) > end) {
                break;
            }
            int next = value + 2 + text.charAt(value) + 256 * text.charAt(value + 1);
            if (wanted.contains(text.substring(at + 2, value))) {
                expected.put(text.substring(at + 2, value), text.substring(value + 2, next));
            }
            at = next;
        }
        assertThat(PacketHead.variables(bytes, wanted)).isEqualTo(expected);
        assertThat(PacketHead.of(bytes).method()).isEqualTo(expected.getOrDefault("REQUEST_METHOD", "?"));
        return !expected.isEmpty();
    }
}
