package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens the log's file again, or begins another one, when that is asked for by a touched file or by its size. A daemon
/// thread looks once a second.
final class LogWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final long PERIOD_MILLIS = 1000;

    private final @Nullable LogFile file;
    private final Consumer<String> reopening;
    private final LogSettings settings;
    private final Thread thread;

    private LogWatch(@Nullable LogFile file, LogSettings settings, Consumer<String> reopening) {
        this.file = file;
        this.reopening = reopening;
        this.settings = settings;
        thread = Thread.ofPlatform().daemon().name("loomgate-log-file").unstarted(this::run);
    }

    /// @param file null where only loggers have files
    /// @param reopening opens all of them again; gets why
    static LogWatch start(@Nullable LogFile file, LogSettings settings, Consumer<String> reopening) {
        LogWatch watch = new LogWatch(file, settings, reopening);
        watch.thread.start();
        return watch;
    }

    private void run() {
        Map<Path, Long> reopen = times(settings.touchReopen());
        Map<Path, Long> rotate = times(settings.touchRotate());
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                Map<Path, Long> reopenNow = times(settings.touchReopen());
                Map<Path, Long> rotateNow = times(settings.touchRotate());
                if (file != null && settings.maxBytes() > 0 && file.isOver(settings.maxBytes())) {
                    file.rotate("--log-maxsize");
                } else if (file != null && !rotateNow.equals(rotate)) {
                    file.rotate("--touch-logrotate");
                } else if (!reopenNow.equals(reopen)) {
                    reopening.accept("--touch-logreopen");
                }
                reopen = reopenNow;
                rotate = rotateNow;
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the log's file is no longer watched");
        }
    }

    private static Map<Path, Long> times(List<Path> files) {
        Map<Path, Long> times = new HashMap<>();
        for (Path path : files) {
            try {
                times.put(path, Files.getLastModifiedTime(path).toMillis());
            } catch (IOException e) {
                LOG.log(Level.TRACE, "{0} isn''t there", path);
            }
        }
        return times;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
