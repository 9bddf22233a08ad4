package dev.loomgate.server.call;

import dev.loomgate.loop.Loop;
import dev.loomgate.server.exchange.Outlet;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// A file that is the rest of a response, on its way to the client. Microthread only.
///
/// The kernel sends it as it is, or, where what stands between content and socket doesn't allow that (frames of several
/// responses), it is read piece by piece.
record SentFile(Outlet outlet, FileRegion region) {
    private static final int PIECE_BYTES = 64 * 1024;

    /// Sends it after what the outlet was given.
    static SentFile begin(Outlet outlet, FileRegion region) {
        if (outlet.takesFiles()) {
            outlet.putFile(region);
        }
        return new SentFile(outlet, region);
    }

    /// Waits until the client has taken it, and ends the response. Releases the file in any case.
    void await() throws IOException {
        if (outlet.takesFiles()) {
            outlet.awaitFile(region);
        } else {
            try {
                copy();
            } finally {
                region.release();
            }
        }
        outlet.end(false);
    }

    private void copy() throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long at = 0; at < region.count(); at += piece.limit()) {
            read(at, piece.clear());
            outlet.put(piece.flip());
            if (piece.limit() == 0) {
                throw new IOException(
                        "the file has become shorter: it has %d bytes of %d".formatted(at, region.count()));
            }
        }
    }

    private void read(long from, ByteBuffer piece) throws IOException {
        try {
            Loop.offload(() -> region.transferTo(new Filling(piece), from));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a file is read");
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /// Takes what there is room for.
    private record Filling(ByteBuffer piece) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(source.remaining(), piece.remaining());
            piece.put(source.slice(source.position(), count));
            source.position(source.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
