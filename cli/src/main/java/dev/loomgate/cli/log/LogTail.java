package dev.loomgate.cli.log;

import dev.loomgate.server.AccessLine;
import dev.loomgate.server.Server;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The last lines of the server's log and of its access log, in memory: for a face that shows them.
///
/// It keeps none until [#start] is called, and costs nothing then. From then on it keeps the newest [#MAX_LINES], and
/// of these as many as [#MAX_BYTES] have room for; of a line [#MAX_LINE_CHARS]. It gets them from the threads that
/// write the logs, as they are written: what is logged while a log isn't read comes when it is. Servers that share a
/// process (an emperor's) share it. Any thread.
/// ```java
/// LogTail tail = log.tail().start();
/// tail.lines(100).forEach(line -> show(line));
/// try (LogTail.Following following = tail.follow(line -> show(line))) { ... }
/// ```
public final class LogTail {
    /// The most lines that are kept.
    public static final int MAX_LINES = 5_000;
    /// The most memory that they take.
    public static final int MAX_BYTES = 4 << 20;
    /// The most characters of one: the rest is left out.
    public static final int MAX_LINE_CHARS = 16 << 10;

    private final int maxLines;
    private final int maxBytes;
    private final ArrayDeque<LogLine> kept = new ArrayDeque<>(); // guarded by itself
    private int keptBytes; // guarded by kept
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final List<Server> servers = new ArrayList<>(); // guarded by this
    private volatile boolean started;

    LogTail() {
        this(MAX_LINES, MAX_BYTES);
    }

    LogTail(int maxLines, int maxBytes) {
        this.maxLines = maxLines;
        this.maxBytes = maxBytes;
    }

    /// Lines are given, until this is closed.
    public interface Following extends AutoCloseable {
        /// No line is given any more after the one that is given now. Any thread.
        @Override
        void close();
    }

    /// Keeps lines from now on. Once is enough.
    public synchronized LogTail start() {
        if (!started) {
            started = true;
            servers.forEach(this::watchNow);
        }
        return this;
    }

    /// Keeps requests' lines of that server, too, while lines are kept.
    ///
    /// @return to be closed when the server has ended
    public synchronized Following watch(Server server) {
        servers.add(server);
        if (started) {
            watchNow(server);
        }
        return () -> forget(server);
    }

    private void watchNow(Server server) {
        server.watchAccessLog(this::request);
    }

    private synchronized void forget(Server server) {
        servers.remove(server);
    }

    /// Whether lines are kept.
    public boolean isStarted() {
        return started;
    }

    /// The last lines, the oldest first.
    ///
    /// @param most so many of them, at most
    public List<LogLine> lines(int most) {
        synchronized (kept) {
            return kept.stream().skip(Math.max(0, kept.size() - most)).toList();
        }
    }

    /// Those that are kept of one request, the oldest first.
    public List<LogLine> ofRequest(String requestId) {
        synchronized (kept) {
            return kept.stream()
                    .filter(line -> line.requestId().equals(requestId))
                    .toList();
        }
    }

    /// Gives lines to the consumer as they come, in a thread of its own, which may wait. While it waits, some more
    /// are kept for it; then they are left out, and a line says how many. What it throws ends it.
    public Following follow(Consumer<LogLine> consumer) {
        return follow(0, consumer);
    }

    /// The same, with the last lines before: none is missing between, and none is given twice.
    ///
    /// @param most so many of those that are kept, at most
    public Following follow(int most, Consumer<LogLine> consumer) {
        Follower follower = new Follower(consumer, followers::remove);
        synchronized (kept) {
            follower.begin(lines(most));
            followers.add(follower);
        }
        start();
        follower.start();
        return follower;
    }

    private void request(AccessLine line) {
        add(new LogLine(line.time(), LogLine.REQUEST, line.text(), line.requestId()));
    }

    /// A record is written.
    void record(LogEntry entry) {
        if (started) {
            StringBuilder text = new StringBuilder();
            ControlCharacters.append(text, start(entry.message()));
            if (entry.thrown() != null) {
                text.append('\n');
                ControlCharacters.append(
                        text, start(TextFormat.stackTrace(entry.thrown()).stripTrailing()));
            }
            add(new LogLine(entry.time(), entry.level(), text.toString(), entry.requestId()));
        }
    }

    // A megabyte isn't looked through for what is cut.
    private static String start(String text) {
        return text.length() <= MAX_LINE_CHARS ? text : text.substring(0, MAX_LINE_CHARS + 1);
    }

    private void add(LogLine whole) {
        if (!started) {
            return;
        }
        LogLine line = whole.cut(MAX_LINE_CHARS);
        synchronized (kept) {
            kept.add(line);
            keptBytes += line.bytes();
            while (kept.size() > maxLines || keptBytes > maxBytes) {
                keptBytes -= kept.remove().bytes();
            }
            for (Follower follower : followers) {
                follower.add(line);
            }
        }
    }
}
