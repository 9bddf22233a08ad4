package dev.loomgate.cli.loggers;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Says that messages can't be written: on standard error, since the log can't be where that fails, and once
/// in a while. Any thread.
final class Complaints {
    private static final long SILENT_NANOS = 10_000_000_000L;

    private static final class Said {
        private long nanos = System.nanoTime() - SILENT_NANOS;
        private long lost;
    }

    private final OutputStream to;
    private final Map<String, Said> said = new HashMap<>(); // guarded by this

    Complaints() {
        this(new FileOutputStream(FileDescriptor.err));
    }

    Complaints(OutputStream to) {
        this.to = to;
    }

    /// A message is lost.
    synchronized void lost(Destination destination, IOException why) {
        Said before = said.computeIfAbsent(destination.toString(), name -> new Said());
        before.lost++;
        long now = System.nanoTime();
        if (now - before.nanos >= SILENT_NANOS) {
            say("loomgate: the log can't be written to %s: %s; lost so far: %d (--logger)\n"
                    .formatted(destination, why.getMessage(), before.lost));
            before.nanos = now;
        }
    }

    private void say(String line) {
        try {
            to.write(line.getBytes(StandardCharsets.UTF_8));
            to.flush();
        } catch (IOException e) {
            said.clear(); // there is nowhere left to say so
        }
    }
}
