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

/// A part of a file that is the rest of a response, on its way to the client: by `sendfile(2)` where the connection
/// takes files, or read piece by piece where their bytes change on the way (TLS) or are cut into frames. Microthread
/// only.
abstract sealed class SentFile {
    private static final int PIECE_BYTES = 64 * 1024;
    // Each piece is a way to another thread and back. Clients that take it at once get larger ones.
    private static final int LARGE_PIECE_BYTES = 4 * PIECE_BYTES;
    private static final long AT_ONCE_NANOS = 5_000_000;

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
                    read(piece.clear().limit((int) Math.min(end - at, piece.capacity())), at);
                    at += piece.remaining();
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

        /// Fills the piece, and flips it.
        private void read(ByteBuffer piece, long at) throws IOException {
            try {
                Loop.current().side().runBlocking(() -> {
                    while (piece.hasRemaining()) {
                        if (file.read(piece, at + piece.position()) < 0) {
                            throw new EOFException("the file has become shorter than the response: it ends at byte "
                                    + (at + piece.position()));
                        }
                    }
                    return piece.flip();
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
