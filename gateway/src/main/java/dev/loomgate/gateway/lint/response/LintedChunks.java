package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Chunks that are checked on their way from the application to the container.
final class LintedChunks implements Iterator<byte[]> {
    private final Iterator<byte[]> chunks;
    private final ContentCheck content;
    private final LintedStart start;
    private final Exchange exchange;
    private @Nullable HandedOver last;
    private boolean promised;
    private boolean ended;

    LintedChunks(Iterator<byte[]> chunks, ContentCheck content, LintedStart start, Exchange exchange) {
        this.chunks = chunks;
        this.content = content;
        this.start = start;
        this.exchange = exchange;
    }

    @Override
    public boolean hasNext() {
        exchange.checkMayAsk();
        promised = chunks.hasNext();
        end();
        start.checkCausePassedOn();
        if (!promised && !ended) {
            ended = true;
            content.ended();
        }
        return promised;
    }

    @Override
    public byte[] next() {
        exchange.checkMayAsk();
        exchange.check(promised, Clause.CHUNKS_IN_TURN, "a chunk was asked for");
        promised = false;
        byte[] chunk = chunks.next();
        end();
        exchange.check(chunk != null, Clause.CHUNK_PRESENT, "a chunk is null");
        content.handsOver(chunk.length);
        last = new HandedOver(chunk);
        return chunk;
    }

    /// When the application has run since the last chunk.
    void end() {
        if (last != null) {
            last.checkUnchanged(exchange);
        }
    }
}
