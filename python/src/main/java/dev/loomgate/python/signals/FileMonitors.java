package dev.loomgate.python.signals;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Files and directories whose changes raise signals: inotify(7), by the JDK.
///
/// A directory has changed when something in it is made, written, touched, removed or renamed, a file when it
/// is itself. What is watched is the directory that a file lies in, so a file that is replaced by another one, or is
/// made later, is found. Changes that come together are one. Any thread; a daemon thread waits for changes until
/// [#close].
final class FileMonitors implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    /// @param name of the file in the directory; null for all that is in it
    /// @param by who has asked for it
    private record Monitor(int signal, @Nullable Path name, Path file, String by) {
        boolean concerns(WatchEvent<?> event) {
            return name == null || event.kind() == StandardWatchEventKinds.OVERFLOW || name.equals(event.context());
        }
    }

    private final IntConsumer changed;
    private final Map<WatchKey, List<Monitor>> monitors = new HashMap<>(); // guarded by itself
    private @Nullable WatchService service; // guarded by monitors
    private boolean closed; // guarded by monitors

    /// @param changed called with a signal's number, by any thread
    FileMonitors(IntConsumer changed) {
        this.changed = changed;
    }

    /// Watches a file or directory. Returns at once; where that isn't possible, the log says so.
    ///
    /// @param by who asks for it, for messages
    void add(int signal, Path file, String by) {
        Thread.ofVirtual().name("loomgate-monitor").start(() -> {
            try {
                watch(signal, file, by);
            } catch (IOException e) {
                LOG.log(
                        Level.ERROR,
                        "{0}: {1} can''t be watched, signal {2} won''t be raised: {3}",
                        by,
                        file,
                        signal,
                        e);
            } catch (ClosedWatchServiceException e) {
                LOG.log(Level.DEBUG, "{0} isn''t watched: the program has ended", file);
            }
        });
    }

    private void watch(int signal, Path file, String by) throws IOException {
        synchronized (monitors) {
            if (closed) {
                return;
            }
            if (Files.isDirectory(file)) {
                register(file, new Monitor(signal, null, file, by));
            }
            Set<Path> paths = new LinkedHashSet<>(List.of(file));
            if (Files.exists(file)) {
                paths.add(file.toRealPath()); // a link is watched, and what it leads to
            }
            for (Path each : paths) {
                Path parent = each.getParent();
                if (parent != null) {
                    register(parent, new Monitor(signal, each.getFileName(), file, by));
                }
            }
        }
    }

    // With the lock: no event of a key is taken before its monitor is there.
    private void register(Path directory, Monitor monitor) throws IOException {
        WatchService watching = service;
        if (watching == null) {
            watching = directory.getFileSystem().newWatchService();
            service = watching;
            WatchService started = watching;
            Thread.ofPlatform().daemon().name("loomgate-monitors").start(() -> awaitChanges(started));
        }
        WatchKey key = directory.register(
                watching,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        monitors.computeIfAbsent(key, any -> new ArrayList<>()).add(monitor);
    }

    private void awaitChanges(WatchService watching) {
        try {
            while (true) {
                tell(watching.take());
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.log(Level.DEBUG, "files are no longer watched");
        }
    }

    private void tell(WatchKey key) {
        List<WatchEvent<?>> events = key.pollEvents();
        Set<Integer> signals = new LinkedHashSet<>();
        synchronized (monitors) {
            List<Monitor> those = monitors.getOrDefault(key, List.of());
            for (Monitor monitor : those) {
                if (events.stream().anyMatch(monitor::concerns)) {
                    signals.add(monitor.signal());
                }
            }
            if (!key.reset()) {
                monitors.remove(key);
                those.forEach(monitor -> LOG.log(
                        Level.WARNING,
                        "{0}: {1} isn''t watched any more: its directory is gone",
                        monitor.by(),
                        monitor.file()));
            }
        }
        signals.forEach(changed::accept);
    }

    @Override
    public void close() {
        WatchService watching;
        synchronized (monitors) {
            closed = true;
            watching = service;
            service = null;
            monitors.clear();
        }
        if (watching != null) {
            try {
                watching.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "inotify can''t be closed", e);
            }
        }
    }
}
