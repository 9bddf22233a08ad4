package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class IncomingBodyTest {
    private static final int LONG = 70_000;

    private final RequestBody reader = new RequestBody(new RequestBody.Source() {
        @Override
        public void bodyIsWanted() {}

        @Override
        public void bodyHasRoom() {}
    });

    @Test
    void readsOnAfterFramingThatComesAlone() throws Exception {
        Limits limits = Limits.builder().build();
        Head head = new HeadReader(limits, new HeadScratch())
                .read(bytes("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
        IncomingBody body = new IncomingBody(((Head.Valid) head).request(), reader, limits);
        assertThat(body.read(bytes(Integer.toHexString(LONG) + "\r\n" + "x".repeat(LONG))))
                .isEqualTo(IncomingBody.Next.REST);
        assertThat(reader.readNBytes(LONG)).hasSize(LONG);

        assertThat(body.read(bytes("\r\n5\r\n"))).isEqualTo(IncomingBody.Next.MORE);

        assertThat(body.read(bytes("hello\r\n0\r\n\r\n"))).isEqualTo(IncomingBody.Next.COMPLETE);
        assertThat(reader.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
