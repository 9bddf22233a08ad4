package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A stream's function, checked with what it writes.
final class LintedContent implements Body.Content {
    private final Body.Content inner;
    private final ContentCheck content;
    private final LintedStart start;
    private final Exchange exchange;
    private boolean asked;

    LintedContent(Body.Content inner, ContentCheck content, LintedStart start, Exchange exchange) {
        this.inner = inner;
        this.content = content;
        this.start = start;
        this.exchange = exchange;
    }

    @Override
    public void writeTo(BodyWriter writer) throws IOException, Exception {
        exchange.checkMayAsk();
        exchange.check(!asked, Clause.CONTENT_ONCE, "the stream was run again");
        asked = true;
        Writer linted = new Writer(writer);
        try {
            inner.writeTo(linted);
        } finally {
            linted.streamEnded = true;
        }
        start.checkCausePassedOn();
        if (!linted.failed) {
            content.ended();
        }
    }

    private final class Writer implements BodyWriter {
        private final BodyWriter writer;
        private volatile boolean streamEnded;
        private boolean failed;

        Writer(BodyWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            exchange.check(!streamEnded, Clause.WRITER_IN_STREAM, "a write");
            exchange.checkThread(Clause.WRITER_THREAD, "a write");
            exchange.check(bytes != null, Clause.CHUNK_PRESENT, "a write of null");
            content.handsOver(bytes.remaining());
            try {
                writer.write(bytes);
            } catch (IOException e) {
                failed = true;
                throw e;
            }
            exchange.check(
                    !bytes.hasRemaining(), Clause.WRITE_COMPLETE, bytes.remaining() + " bytes of a write were left");
        }
    }
}
