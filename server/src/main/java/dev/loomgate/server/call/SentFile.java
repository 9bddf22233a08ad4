package dev.loomgate.server.call;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import io.netty.channel.DefaultFileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A part of a file that is the rest of a response, on its way to the client: by `sendfile(2)` where the
/// connection takes files, or read piece by piece where their bytes change on the way (TLS) or are cut into
/// frames; the first piece where it is sent, the others by another thread. A short one is read at once, and
/// needs none of this. Microthread only.
abstract sealed class SentFile {
    private static final int PIECE_BYTES = 64 * 1024;
    // Each piece is a way to another thread and back. Clients that take it at once get larger ones.
    private static final int LARGE_PIECE_BYTES = 4 * PIECE_BYTES;
    private static final long AT_ONCE_NANOS = 5_000_000;
    // Up to here, reading costs less than what goes with sendfile: a write for the head alone, and a wait.
    private static final int SHORT_BYTES = 16 * 1024;

    /// Bytes up to which a file is read whole and sent with its head.
    static int mostAtOnce(Exchange exchange) {
        return exchange.takesFiles() ? SHORT_BYTES : PIECE_BYTES;
    }

    /// That part of a file.
    ///
    /// @throws EOFException if it has become shorter
    static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(length);
        fill(content, file, offset);
        return content.array();
    }

    private static void fill(ByteBuffer piece, FileChannel file, long at) throws IOException {
        while (piece.hasRemaining()) {
            if (file.read(piece, at + piece.position()) < 0) {
                throw new EOFException(
                        "the file has become shorter than the response: it ends at byte " + (at + piece.position()));
            }
        }
    }

    /// Sends it after what the outlet was given.
    ///
    /// @param file belongs to what is returned
    static SentFile begin(Exchange exchange, Outlet outlet, FileChannel file, long offset, long length) {
        if (!exchange.takesFiles()) {
            outlet.fileBegun();
            return new Copied(outlet, file, offset, length);
        }
        DefaultFileRegion region = new DefaultFileRegion(file, offset, length);
        outlet.putFile(region);
        return new Region(outlet, region);
    }

    /// Waits until the client has taken it, and ends the response. Releases the file in any case.
    abstract void await() throws IOException;

    private static final class Region extends SentFile {
        private final Outlet outlet;
        private final DefaultFileRegion region;

        Region(Outlet outlet, DefaultFileRegion region) {
            this.outlet = outlet;
            this.region = region;
        }

        @Override
        void await() throws ClientGone, InterruptedIOException {
            outlet.awaitFile(region);
            outlet.end(false);
        }
    }

    private static final class Copied extends SentFile {
        private final Outlet outlet;
        private final FileChannel file;
        private final long offset;
        private final long length;

        Copied(Outlet outlet, FileChannel file, long offset, long length) {
            this.outlet = outlet;
            this.file = file;
            this.offset = offset;
            this.length = length;
        }

        @Override
        void await() throws IOException {
            try (file) {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(length, PIECE_BYTES));
                long end = offset + length;
                long at = offset;
                while (at < end) {
                    long began = System.nanoTime();
                    piece.clear().limit((int) Math.min(end - at, piece.capacity()));
                    if (at == offset) {
                        fill(piece, file, at);
                    } else {
                        readElsewhere(piece, at);
                    }
                    at += piece.flip().remaining();
                    outlet.put(piece);
                    piece = next(piece, end - at, System.nanoTime() - began);
                }
            }
            outlet.end(false);
        }

        private static ByteBuffer next(ByteBuffer piece, long rest, long nanos) {
            boolean atOnce = nanos < AT_ONCE_NANOS;
            if (atOnce ? rest <= piece.capacity() : piece.capacity() <= PIECE_BYTES) {
                return piece;
            }
            int bytes = atOnce ? LARGE_PIECE_BYTES : PIECE_BYTES;
            return bytes == piece.capacity() ? piece : ByteBuffer.allocate(bytes);
        }

        private void readElsewhere(ByteBuffer piece, long at) throws IOException {
            try {
                Loop.current().side().runBlocking(() -> {
                    fill(piece, file, at);
                    return piece;
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a file was read for the client");
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
