package dev.loomgate.server.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.http.FieldList;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Frames of HTTP/2 are the same however they are cut, an error of a stream leaves the next frame alone, and nothing of
/// them stays in memory; the settings in a field `HTTP2-Settings` are those of a frame with that payload.
///
/// The preface and an empty SETTINGS frame stand before the input's bytes, unless its option 0 is set.
@Tag("once")
final class Http2FramesFuzzTest implements FuzzTarget {
    private static final byte[] BEGINNING =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(300)
            .maxUriLength(100)
            .maxHeaderCount(6)
            .build();
    private static final ConnectionFacts UNIX = new ConnectionFacts(Scheme.HTTP, null, null);
    private static final int MAX_CONTINUATIONS = 4;

    private boolean hasRequest;

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) throws Exception {
        if (input.option(1)) {
            return checkSettings(input);
        }
        hasRequest = false;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!input.option(0)) {
            bytes.writeBytes(BEGINNING);
        }
        bytes.writeBytes(input.bytes());
        List<String> whole = events(List.of(bytes.toByteArray()));
        assertThat(events(input.pieces(bytes.toByteArray()))).isEqualTo(whole);
        return hasRequest;
    }

    private List<String> events(List<byte[]> pieces) throws Exception {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.config().setAllocator(allocator);
        ChannelHandlerContext context = channel.pipeline().context(handler);
        FieldList fields = FieldList.http2(LIMITS);
        FrameSource source = new FrameSource(new ReceivedFields(fields, LIMITS.maxHeaderBytes()), MAX_CONTINUATIONS);
        List<String> events = new ArrayList<>();
        Http2FrameListener listener = listener(fields, events);
        try {
            for (byte[] piece : pieces) {
                source.add(allocator.heapBuffer(piece.length).writeBytes(piece));
                while (read(source, context, listener, events)) {}
            }
            events.add("unfinished " + source.isUnfinished());
        } catch (Http2Exception e) {
            events.add("broken " + e.error());
        } finally {
            source.close();
            channel.finishAndReleaseAll();
        }
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        return events;
    }

    private static boolean read(
            FrameSource source, ChannelHandlerContext context, Http2FrameListener listener, List<String> events)
            throws Http2Exception {
        try {
            return source.readFrame(context, listener);
        } catch (Http2Exception e) {
            if (!(e instanceof Http2Exception.StreamException stream)) {
                throw e;
            }
            assertThat(stream.streamId()).isPositive();
            events.add("fault of " + stream.streamId() + " " + e.error());
            return true;
        }
    }

    // Every call becomes a line; of a head, what the fields are.
    private Http2FrameListener listener(FieldList fields, List<String> events) {
        return (Http2FrameListener) Proxy.newProxyInstance(
                Http2FrameListener.class.getClassLoader(),
                new Class<?>[] {Http2FrameListener.class},
                (_, method, arguments) -> {
                    StringBuilder event = new StringBuilder(method.getName());
                    for (Object argument : Arrays.asList(arguments).subList(1, arguments.length)) {
                        event.append(' ').append(described(argument, fields));
                    }
                    events.add(event.toString());
                    return method.getReturnType() == int.class ? Integer.valueOf(0) : null;
                });
    }

    private String described(Object argument, FieldList fields) {
        return switch (argument) {
            case ByteBuf bytes -> bytes.toString(StandardCharsets.ISO_8859_1);
            case Http2Settings settings -> new TreeMap<>(settings).toString();
            case Http2Flags flags -> Integer.toHexString(flags.value());
            case Http2Headers _ ->
                switch (fields.complete(UNIX)) {
                    case FieldList.Result.Request request -> {
                        hasRequest = true;
                        Map<String, Object> variables = new TreeMap<>();
                        request.variables().forEach(variables::put);
                        yield variables + String.valueOf(Priority.of(String.valueOf(request.priority())));
                    }
                    case FieldList.Result other -> other + " " + fields.trailersFault() + " " + fields.limitPassed();
                };
            default -> argument.toString();
        };
    }

    private static boolean checkSettings(FuzzInput input) {
        byte[] payload = input.bytes();
        assertThat(decoded(input.text())).isEqualTo(decoded(input.text())); // of any text, whatever it gives
        Http2Settings decoded = decoded(Base64.getUrlEncoder().withoutPadding().encodeToString(payload));
        Http2Settings framed = framed(payload);
        if (framed != null) {
            assertThat(decoded).isEqualTo(framed);
        }
        return decoded != null;
    }

    private static @Nullable Http2Settings decoded(String text) {
        try {
            return Http2ConnectionFactory.decoded(text);
        } catch (IllegalArgumentException e) {
            return null; // the request is served by HTTP/1.1
        }
    }

    // Null where a frame's payload may not be that.
    private static @Nullable Http2Settings framed(byte[] payload) {
        ByteBuf in = Unpooled.buffer();
        in.writeMedium(payload.length).writeByte(4).writeByte(0).writeInt(0).writeBytes(payload);
        Http2Settings[] read = new Http2Settings[1];
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        try (var reader = new DefaultHttp2FrameReader()) {
            reader.readFrame(channel.pipeline().firstContext(), in, new Http2FrameAdapter() {
                @Override
                public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
                    read[0] = settings;
                }
            });
            return read[0];
        } catch (Http2Exception e) {
            return null;
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
