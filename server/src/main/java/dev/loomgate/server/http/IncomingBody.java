package dev.loomgate.server.http;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request's body on its way from the connection to its reader, until the reader has it all, or nobody wants the
/// rest. Loop side only.
final class IncomingBody implements ChunkedReader.Sink {
    /// What is read of a body that nobody wants, to keep the connection.
    static final int MAX_UNWANTED_BYTES = 64 * 1024;

    /// What the connection does next.
    enum Next {
        /// Read on.
        MORE,
        /// Read no more until the reader has made room.
        REST,
        /// The body is complete; a request may follow.
        COMPLETE,
        /// The body is refused: tell the client, and read nothing any more.
        REFUSED,
        /// More comes of a body that nobody wants than is worth reading.
        TOO_MUCH
    }

    private final RequestBody reader;
    private final @Nullable ChunkedReader chunks;
    private final long maxBytes;
    private long left;
    private long received;
    private boolean continuePending;
    private boolean wanted = true;
    private long unwanted;
    private @Nullable Refusal refusal;

    IncomingBody(RequestHead head, RequestBody reader, Limits limits) {
        this.reader = reader;
        this.chunks = head.has(RequestHead.CHUNKED) ? new ChunkedReader(limits) : null;
        this.left = head.contentLength();
        this.maxBytes = limits.maxBodyBytes() == 0 ? Long.MAX_VALUE : limits.maxBodyBytes();
        this.continuePending = head.has(RequestHead.EXPECT_CONTINUE);
    }

    /// Takes what is there of the body, and nothing behind it.
    Next read(ByteBuf in) {
        boolean complete = chunks == null ? readContent(in) : readChunks(chunks, in);
        if (refusal != null) {
            return Next.REFUSED;
        }
        if (complete) {
            reader.complete();
            return Next.COMPLETE;
        }
        if (unwanted > MAX_UNWANTED_BYTES) {
            return Next.TOO_MUCH;
        }
        // Asked each time: what came may have been framing alone, after the reader has made room.
        return wanted && !reader.hasRoom() ? Next.REST : Next.MORE;
    }

    private boolean readContent(ByteBuf in) {
        int length = (int) Math.min(left, in.readableBytes());
        content(in, length);
        left -= length;
        return left == 0;
    }

    private boolean readChunks(ChunkedReader from, ByteBuf in) {
        ChunkedReader.Progress progress = from.read(in, this);
        if (progress == ChunkedReader.Progress.REFUSED) {
            refuse(from.refusal());
        }
        return progress == ChunkedReader.Progress.COMPLETE;
    }

    @Override
    public void content(ByteBuf in, int length) {
        continuePending = false;
        received += length;
        if (!wanted) {
            unwanted += length;
            in.skipBytes(length);
        } else if (received > maxBytes) {
            in.skipBytes(length);
            refuse(new Refusal(
                    413,
                    "the request's body is too large",
                    "http: chunked request body of over %d bytes".formatted(maxBytes),
                    "maxBodyBytes"));
        } else {
            reader.append(in, length);
        }
    }

    /// Ends the reading for a fault of the client; the first one counts.
    void refuse(Refusal why) {
        if (refusal == null) {
            refusal = why;
            reader.fail(new RefusedInput(why));
        }
    }

    /// Why the body was refused.
    Refusal refusal() {
        if (refusal == null) {
            throw new IllegalStateException("the body is not refused");
        }
        return refusal;
    }

    /// The response is complete, so nobody wants the rest.
    void leave() {
        wanted = false;
        reader.fail(new IOException("the response is complete, the rest of the request's body is not read"));
    }

    /// Whether the client waits for `100 Continue` before it sends anything.
    boolean isContinuePending() {
        return continuePending;
    }

    void continued() {
        continuePending = false;
    }

    /// Whether reading what is left costs less than a new connection. How much is left of a chunked body isn't known.
    boolean isShort() {
        return !continuePending && chunks == null && left <= MAX_UNWANTED_BYTES;
    }
}
