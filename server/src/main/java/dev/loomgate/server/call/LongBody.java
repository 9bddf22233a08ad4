package dev.loomgate.server.call;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.loop.spool.SpoolFile;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Sends a long body that is in memory: to a client that keeps up directly, to a slow one by way of a temporary file.
///
/// Otherwise each slow client would hold the heap's room for its whole body. The collector copies what lives that
/// long, with everything else stopped: 400 clients with 5 MB each stopped the server for 20 times 0.3 s.
///
/// Where such bodies come faster than others write them to files, each is written, at once and on its
/// loop: 1 to 3 ms for 5 MB, which is less than it would take to copy them. Microthread only.
final class LongBody {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final long PATIENCE_NANOS = 10_000_000;

    private LongBody() {}

    /// Sends what the client takes at once, and the rest if it fits into the spool's memory; else begins to send the
    /// rest from a file.
    ///
    /// @return the file, after which the response is complete; null if it is complete
    static @Nullable SentFile send(byte[] content, Exchange exchange, Outlet outlet, Spool spool) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        if (!outlet.put(rest, 0)) {
            SpoolFile file = spooledIfSlow(rest, content.length > spool.bytes(), outlet, spool);
            if (file != null) {
                return SentFile.begin(exchange, outlet, file.channel(), 0, rest.remaining());
            }
            if (rest.hasRemaining()) {
                spool.count(content.length);
                try {
                    outlet.put(rest);
                } finally {
                    spool.count(-content.length);
                }
            }
        }
        outlet.end(false);
        return null;
    }

    private static @Nullable SpoolFile spooledIfSlow(ByteBuffer rest, boolean isLong, Outlet outlet, Spool spool)
            throws IOException {
        if (isLong && spool.leave(0)) {
            return spooled(rest, spool, true);
        }
        if (outlet.put(rest, PATIENCE_NANOS) || !(isLong || spool.isExhausted())) {
            return null;
        }
        // Only now: clients that keep up, such as nginx, crowd nobody.
        int leaving = rest.capacity();
        boolean crowded = spool.leave(leaving);
        try {
            return spooled(rest, spool, crowded);
        } finally {
            spool.leave(-leaving);
        }
    }

    private static @Nullable SpoolFile spooled(ByteBuffer rest, Spool spool, boolean here)
            throws InterruptedIOException {
        if (spool.bytes() == 0 || rest.remaining() > spool.fileBytes()) {
            return null;
        }
        try {
            return here && DiskPace.isFast()
                    ? writtenHere(rest.duplicate(), spool)
                    : Loop.current().side().runBlocking(() -> SpoolFile.of(spool.directory(), rest.duplicate()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the response was put into a temporary file");
        } catch (Exception e) {
            if (spool.mayComplain()) {
                LOG.log(Level.ERROR, spool.complaint(e) + "; responses for slow clients stay in memory meanwhile");
            }
            return null;
        }
    }

    private static SpoolFile writtenHere(ByteBuffer rest, Spool spool) throws Exception {
        SpoolFile file = SpoolFile.open(spool.directory());
        try {
            long written = DiskPace.write(file, rest);
            if (rest.hasRemaining()) {
                Loop.current().side().runBlocking(() -> {
                    file.write(rest, written);
                    return true;
                });
            }
            return file;
        } catch (Exception e) {
            file.close();
            throw e;
        }
    }
}
