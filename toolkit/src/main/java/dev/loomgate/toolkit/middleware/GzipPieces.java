package dev.loomgate.toolkit.middleware;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;

/// Content compressed piece by piece, each of which a client can decode as soon as it has it (RFC 1952).
final class GzipPieces {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;

    GzipPieces() throws IOException {
        gzip = new GZIPOutputStream(out, 8192, true);
    }

    /// The whole of a content.
    static byte[] whole(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 8192)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /// What is to be sent for one more piece.
    byte[] add(byte[] piece) throws IOException {
        gzip.write(piece);
        gzip.flush();
        return taken();
    }

    /// What is to be sent at the end.
    byte[] end() throws IOException {
        gzip.finish();
        return taken();
    }

    private byte[] taken() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    /// Chunk by chunk what is to be sent for these.
    Iterator<byte[]> of(Iterator<byte[]> chunks) {
        return new Iterator<>() {
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
                    if (chunks.hasNext()) {
                        byte[] chunk = chunks.next();
                        return chunk.length == 0 ? chunk : add(chunk);
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
    void close() {
        try {
            gzip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
