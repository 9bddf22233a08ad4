package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;

/// Content compressed chunk by chunk, each of which a client can decode as soon as it has it (RFC 1952).
///
/// Compressing is work, and between two pieces of work the thread yields: where virtual threads share a loop, the
/// others have their turn, however large a chunk is.
final class GzipPieces {
    /// What is compressed in one go: 1 to 2 ms.
    static final int PIECE_BYTES = 64 * 1024;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;

    GzipPieces() throws IOException {
        gzip = new GZIPOutputStream(out, 8192, true);
    }

    /// The whole of a content, in one go.
    static byte[] whole(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 8192)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /// A body that takes over the pieces and what is to be closed, and is sent in place of these chunks.
    Body chunks(Iterator<byte[]> chunks, Runnable closing) {
        return Body.chunks(() -> of(chunks)).onClose(this::close).onClose(closing);
    }

    /// The same for a stream.
    Body stream(Body.Content content, Runnable closing) {
        return Body.stream(writer -> {
                    content.writeTo(chunk -> write(chunk, writer));
                    writer.write(end());
                })
                .onClose(this::close)
                .onClose(closing);
    }

    private void write(ByteBuffer chunk, BodyWriter writer) throws IOException {
        while (chunk.hasRemaining()) {
            writer.write(next(chunk));
        }
    }

    /// What is to be sent for the next piece of a chunk. That it can be decoded is seen to at the chunk's end.
    private byte[] next(ByteBuffer chunk) throws IOException {
        byte[] piece = new byte[Math.min(chunk.remaining(), PIECE_BYTES)];
        chunk.get(piece);
        gzip.write(piece);
        if (chunk.hasRemaining()) {
            Thread.yield();
        } else {
            gzip.flush();
        }
        return taken();
    }

    private byte[] end() throws IOException {
        gzip.finish();
        return taken();
    }

    private byte[] taken() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    private Iterator<byte[]> of(Iterator<byte[]> chunks) {
        return new Iterator<>() {
            private ByteBuffer chunk = ByteBuffer.allocate(0);
            private boolean ended;

            @Override
            public boolean hasNext() {
                return !ended;
            }

            @Override
            public byte[] next() {
                if (ended) {
                    throw new NoSuchElementException();
                }
                try {
                    if (!chunk.hasRemaining() && chunks.hasNext()) {
                        chunk = ByteBuffer.wrap(chunks.next());
                        if (!chunk.hasRemaining()) {
                            return new byte[0];
                        }
                    }
                    if (chunk.hasRemaining()) {
                        return GzipPieces.this.next(chunk);
                    }
                    ended = true;
                    return end();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /// Frees the compressor's memory, which isn't on the heap.
    private void close() {
        try {
            gzip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
