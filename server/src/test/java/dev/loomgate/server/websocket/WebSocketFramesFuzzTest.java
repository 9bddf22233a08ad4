package dev.loomgate.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Frames of a WebSocket give the same messages however they are cut, and those that Netty's decoder gives; compressed
/// ones what the JDK's inflater gives; a message that is written as frames is read as it was; none is over the limit.
///
/// Options: 0, messages may be compressed; 1, one may refer to the one before; 2, to write.
@Tag("once")
final class WebSocketFramesFuzzTest implements FuzzTarget {
    private static final int MAX_BYTES = 3000;
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) throws Exception {
        if (input.option(2)) {
            checkWritten(input);
            return true;
        }
        byte[] bytes = input.bytes();
        List<String> whole = events(List.of(bytes), input);
        assertThat(events(input.pieces(), input)).isEqualTo(whole);
        boolean valid = !whole.isEmpty() && whole.stream().noneMatch(event -> event.startsWith("violation"));
        if (valid) {
            List<String> netty = nettysEvents(bytes, input);
            // A frame that isn't complete has come to neither.
            assertThat(whole).isEqualTo(netty);
        }
        return valid;
    }

    private static FrameReader reader(FuzzInput input) {
        return new FrameReader(MAX_BYTES, input.option(0) ? new MessageInflater(input.option(1)) : null);
    }

    private static List<String> events(List<byte[]> pieces, FuzzInput input) {
        FrameReader reader = reader(input);
        List<String> events = new ArrayList<>();
        try {
            for (byte[] piece : pieces) {
                ByteBuf in = Unpooled.wrappedBuffer(piece);
                for (Received received = reader.read(in);
                        !(received instanceof Received.Incomplete);
                        received = reader.read(in)) {
                    switch (received) {
                        case Received.Message(var content) -> events.add(described(content));
                        case Received.Ping(byte[] payload) ->
                            events.add("ping " + HexFormat.of().formatHex(payload));
                        case Received.Pong _ -> events.add("pong");
                        case Received.Close(var why) -> {
                            events.add("close " + why.code() + " " + why.reason());
                            return events;
                        }
                        case Received.Violation(int code, String problem, String setting) -> {
                            assertThat(code).isIn(1002, 1007, 1009);
                            assertThat(problem).matches("[ -~]+");
                            // Of a compressed message, which of its faults shows first depends on how much is inflated
                            // at once.
                            events.add("violation " + (input.option(0) ? "" : code + problem + setting));
                            return events;
                        }
                        case Received.Incomplete _, Received.Lent _ -> throw new AssertionError("left the loop");
                    }
                }
                assertThat(in.isReadable()).isFalse();
            }
        } finally {
            reader.release();
        }
        return events;
    }

    private static String described(WebSocket.Message message) {
        return switch (message) {
            case WebSocket.Text text -> {
                byte[] bytes = text.content().getBytes(StandardCharsets.UTF_8);
                assertThat(bytes).hasSizeLessThanOrEqualTo(MAX_BYTES);
                yield "text " + HexFormat.of().formatHex(bytes);
            }
            case WebSocket.Binary binary -> {
                assertThat(binary.content()).hasSizeLessThanOrEqualTo(MAX_BYTES);
                yield "binary " + HexFormat.of().formatHex(binary.content());
            }
            case WebSocket.Closed closed -> throw new AssertionError("a message " + closed);
        };
    }

    // ---- Netty's decoder, and the JDK's inflater

    private static List<String> nettysEvents(byte[] bytes, FuzzInput input) throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(input.option(0))
                .maxFramePayloadLength(1 << 20)
                .withUTF8Validator(false)
                .build()));
        List<String> events = new ArrayList<>();
        Inflater inflater = new Inflater(true);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean text = false;
        boolean compressed = false;
        try {
            writeTo(channel, bytes);
            for (WebSocketFrame frame; (frame = channel.readInbound()) != null; frame.release()) {
                byte[] payload = new byte[frame.content().readableBytes()];
                frame.content().readBytes(payload);
                switch (frame) {
                    case PingWebSocketFrame _ ->
                        events.add("ping " + HexFormat.of().formatHex(payload));
                    case PongWebSocketFrame _ -> events.add("pong");
                    case CloseWebSocketFrame _ -> {
                        int code = payload.length == 0
                                ? WebSocket.NO_CODE
                                : ByteBuffer.wrap(payload).getShort() & 0xffff;
                        events.add("close " + code + " "
                                + (payload.length == 0 ? "" : strict(Arrays.copyOfRange(payload, 2, payload.length))));
                        frame.release();
                        return events;
                    }
                    default -> {
                        if (message.size() == 0 && !(frame instanceof ContinuationWebSocketFrame)) {
                            text = frame instanceof TextWebSocketFrame;
                            compressed = frame.rsv() == 4;
                        }
                        message.writeBytes(payload);
                        if (frame.isFinalFragment()) {
                            byte[] content = message.toByteArray();
                            message.reset();
                            if (compressed) {
                                content = inflated(content, inflater, input.option(1));
                            }
                            if (text) {
                                strict(content);
                            }
                            events.add((text ? "text " : "binary ")
                                    + HexFormat.of().formatHex(content));
                        }
                    }
                }
            }
        } finally {
            channel.finishAndReleaseAll();
            inflater.end();
        }
        return events;
    }

    private static void writeTo(EmbeddedChannel channel, byte[] bytes) {
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        } catch (CorruptedWebSocketFrameException e) {
            // It refuses a length when it has come, ours the frame when its head is complete: the last one isn't.
            assertThat(e).hasMessageStartingWith("Max frame length");
        }
    }

    private static String strict(byte[] utf8) throws Exception {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }

    private static byte[] inflated(byte[] content, Inflater inflater, boolean keepsContext) throws DataFormatException {
        byte[] in = Arrays.copyOf(content, content.length + TAIL.length);
        System.arraycopy(TAIL, 0, in, content.length, TAIL.length);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        inflater.setInput(in);
        byte[] out = new byte[100];
        while (true) {
            int length = inflater.inflate(out);
            message.write(out, 0, length);
            if (inflater.finished()) {
                int rest = inflater.getRemaining();
                inflater.reset();
                inflater.setInput(in, in.length - rest, rest);
            } else if (length == 0) {
                break;
            }
        }
        if (!keepsContext) {
            inflater.reset();
        }
        return message.toByteArray();
    }

    // ---- writing

    private static void checkWritten(FuzzInput input) {
        // Three times, as what is short isn't compressed.
        byte[] content = input.text().repeat(3).getBytes(StandardCharsets.ISO_8859_1);
        MessageDeflater deflater = new MessageDeflater(false);
        byte[] compressed = input.option(0) ? deflater.deflate(content) : null;
        deflater.release();
        byte[] payload = compressed == null ? content : compressed;
        List<byte[]> fragments = new ArrayList<>(input.pieces(payload));
        fragments.add(new byte[0]);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < fragments.size(); i++) {
            boolean last = i == fragments.size() - 1;
            int first = (last ? 0x80 : 0) | (i == 0 ? Opcode.BINARY | (compressed == null ? 0 : 0x40) : 0);
            frame(frames, first, fragments.get(i), 0x9a3b5c00 + i);
        }
        assertThat(events(input.pieces(frames.toByteArray()), input))
                .containsExactly("binary " + HexFormat.of().formatHex(content));
    }

    private static void frame(ByteArrayOutputStream out, int first, byte[] payload, int key) {
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0xfe);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        byte[] mask = ByteBuffer.allocate(4).putInt(key).array();
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i % 4]);
        }
    }
}
