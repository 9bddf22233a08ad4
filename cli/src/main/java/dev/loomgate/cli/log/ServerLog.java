package dev.loomgate.cli.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The log on standard error, unless it is sent elsewhere. Installed once, before anything logs.
public final class ServerLog {
    private final LogWriter writer;
    private final LogHandler handler;
    private final LogTail tail = new LogTail();

    // Held, because the log manager holds its loggers weakly and would forget the level.
    private final Logger netty = Logger.getLogger("io.netty");
    private final Logger lettuce = Logger.getLogger("io.lettuce");

    private ServerLog() {
        // Past System.err, whose lock is shared with whatever an application prints.
        writer = new LogWriter(new FileOutputStream(FileDescriptor.err), new TextFormat()).start();
        writer.watch(tail::record);
        handler = new LogHandler(writer);
        LogManager.getLogManager().reset();
        netty.setLevel(Level.WARNING);
        // It warns at each attempt to connect; the module redis says once that Redis is gone.
        lettuce.setLevel(Level.SEVERE);
        Logger.getLogger("").addHandler(handler);
    }

    /// Sends all logging of this JVM to standard error, as text.
    public static ServerLog install() {
        return new ServerLog();
    }

    /// Writes JSON from now on.
    public void useJson() {
        writer.format(new JsonFormat());
    }

    /// Writes text from now on.
    ///
    /// @param date what a record begins with, by its second, in the log's thread; null for the usual time
    /// @param requestIds whether records show which request they belong to
    public void useText(@Nullable Function<Instant, String> date, boolean requestIds) {
        writer.format(new TextFormat(date, requestIds));
    }

    /// Sends what is logged from now on there, and no longer to standard error. What was logged before is written when
    /// this returns.
    public void sendTo(MessageSink sink) {
        flush();
        writer.sendTo(sink);
    }

    /// What is logged from now on goes there as well; or no longer, with null. What was logged before is written when
    /// this returns.
    public void alsoTo(@Nullable OutputStream more) {
        flush();
        writer.alsoTo(more);
    }

    /// The last lines of it, and of the access log of the server that [LogTail#watch] was given.
    public LogTail tail() {
        return tail;
    }

    /// Waits until all that was logged is written, but not long.
    public void flush() {
        handler.flush();
    }
}
