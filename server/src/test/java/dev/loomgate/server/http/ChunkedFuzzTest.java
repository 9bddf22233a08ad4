package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.InvalidChunkExtensionException;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A chunked body is the same however it is cut, ends where Netty's decoder ends it, and content that is written as
/// chunks is read as it was.
@Tag("once")
final class ChunkedFuzzTest implements FuzzTarget {
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(300)
            .maxUriLength(100)
            .maxHeaderCount(4)
            .maxBodyBytes(1_000_000)
            .build();
    private static final byte[] HEAD =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private record Body(ChunkedReader.Progress progress, String content, int taken, String refusal) {}

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        byte[] bytes = input.bytes();
        checkWritten(input);
        Body whole = read(List.of(bytes));
        assertThat(read(input.pieces())).isEqualTo(whole);
        if (whole.progress() != ChunkedReader.Progress.COMPLETE) {
            return false;
        }
        checkAgainstNetty(bytes, whole);
        return true;
    }

    private static Body read(List<byte[]> pieces) {
        ChunkedReader reader = new ChunkedReader(LIMITS);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ChunkedReader.Progress progress = ChunkedReader.Progress.INCOMPLETE;
        int taken = 0;
        for (byte[] piece : pieces) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            progress = reader.read(in, (from, length) -> {
                assertThat(length).isBetween(1, from.readableBytes());
                byte[] some = new byte[length];
                from.readBytes(some);
                content.writeBytes(some);
            });
            taken += piece.length - in.readableBytes();
            if (progress != ChunkedReader.Progress.INCOMPLETE) {
                break;
            }
            assertThat(in.isReadable()).isFalse();
        }
        String refusal =
                progress == ChunkedReader.Progress.REFUSED ? reader.refusal().problem() : "";
        assertThat(refusal).matches("(http: [ -~]+)?");
        return new Body(progress, content.toString(StandardCharsets.ISO_8859_1), taken, refusal);
    }

    private static void checkWritten(FuzzInput input) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (byte[] piece : input.pieces()) {
            chunks.writeBytes((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.writeBytes(piece);
            chunks.writeBytes(new byte[] {'\r', '\n'});
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Body body = read(input.pieces(chunks.toByteArray()));
        assertThat(body).isEqualTo(new Body(ChunkedReader.Progress.COMPLETE, input.text(), chunks.size(), ""));
    }

    private static void checkAgainstNetty(byte[] bytes, Body body) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        StringBuilder content = new StringBuilder();
        boolean ended = false;
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(HEAD), Unpooled.copiedBuffer(bytes, 0, body.taken()));
            for (HttpObject object; (object = channel.readInbound()) != null; ) {
                Throwable cause = object.decoderResult().cause();
                // It checks more of an extension, which means nothing here; and fails for one with a byte past ASCII.
                if (cause instanceof InvalidChunkExtensionException || cause instanceof IndexOutOfBoundsException) {
                    ReferenceCountUtil.release(object);
                    return;
                }
                assertThat(cause).isNull();
                if (object instanceof HttpContent some) {
                    assertThat(ended).isFalse();
                    content.append(some.content().toString(StandardCharsets.ISO_8859_1));
                    ended = some instanceof LastHttpContent;
                }
                ReferenceCountUtil.release(object);
            }
        } finally {
            channel.finishAndReleaseAll();
        }
        assertThat(ended).isTrue();
        assertThat(content.toString()).isEqualTo(body.content());
    }
}
