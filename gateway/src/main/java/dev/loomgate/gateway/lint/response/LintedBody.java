package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// A body, checked when it is returned and when it is closed; what happens between is for [LintedChunks] and
/// [LintedContent].
public final class LintedBody {
    private final Body body;
    private final LintedStart start;
    private final Exchange exchange;
    private final ContentCheck content;
    private @Nullable HandedOver array;
    private @Nullable LintedChunks chunks;
    private boolean closed;

    /// @param body what the application returned
    public LintedBody(Body body, LintedStart start, Exchange exchange) {
        this.body = body;
        this.start = start;
        this.exchange = exchange;
        content = new ContentCheck(start, exchange);
    }

    /// The body for the container.
    public Body wrapped() {
        exchange.check(
                body instanceof Body.WebSocketBody == start.isSwitching(),
                Clause.WEBSOCKET_BODY,
                "the status is " + start.status() + ", and the body is a "
                        + body.getClass().getSimpleName());
        Body wrapped =
                switch (body) {
                    case Body.Bytes bytes -> {
                        array = new HandedOver(bytes.content());
                        whole(bytes.content().length);
                        yield new Body.Bytes(bytes.content(), this::close);
                    }
                    case Body.Text text -> {
                        whole(text.encoded().length);
                        yield new Body.Text(text.content(), this::close);
                    }
                    case Body.FileBody file -> {
                        whole(length(file));
                        yield new Body.FileBody(file.path(), file.offset(), file.length(), this::close);
                    }
                    case Body.Chunks inner -> {
                        chunks = new LintedChunks(inner.chunks(), content, start, exchange);
                        yield new Body.Chunks(chunks, this::close);
                    }
                    case Body.Stream inner ->
                        new Body.Stream(new LintedContent(inner.content(), content, start, exchange), this::close);
                    case Body.WebSocketBody inner ->
                        new Body.WebSocketBody(new LintedHandler(inner.handler(), start, exchange), this::close);
                };
        exchange.bodyOpened();
        return wrapped;
    }

    /// A body whose length is known before it is sent.
    private void whole(long length) {
        if (!exchange.isHead()) {
            content.handsOver(length);
        }
        content.ended();
    }

    private long length(Body.FileBody file) {
        try {
            boolean readable = Files.isRegularFile(file.path()) && Files.isReadable(file.path());
            exchange.check(readable, Clause.FILE_READABLE, file.path() + " is no readable regular file");
            long size = Files.size(file.path());
            long length = file.length() == Body.FileBody.TO_THE_END ? size - file.offset() : file.length();
            exchange.check(
                    length >= 0 && length <= size - file.offset(),
                    Clause.FILE_READABLE,
                    "%s has %d bytes, the part begins at %d and has %d"
                            .formatted(file.path(), size, file.offset(), length));
            return length;
        } catch (IOException e) {
            throw exchange.found(Clause.FILE_READABLE, file.path() + " can't be read: " + e, e);
        }
    }

    private void close() {
        exchange.check(!closed, Clause.CLOSED_ONCE, "the body was closed again");
        closed = true;
        exchange.bodyClosed();
        try {
            body.close();
        } catch (RuntimeException | Error e) {
            throw exchange.found(Clause.CLOSE_QUIET, "a closing action threw " + e, e);
        }
        exchange.checkThread(Clause.CLOSE_THREAD, "the body was closed");
        start.end();
        if (array != null) {
            array.checkUnchanged(exchange);
        }
        if (chunks != null) {
            chunks.end();
        }
        exchange.end();
    }

    /// Closes a body that doesn't reach the container.
    public void discard(LintException reason) {
        try {
            body.close();
        } catch (RuntimeException | Error e) {
            reason.addSuppressed(e);
        }
    }
}
