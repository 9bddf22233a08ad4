package dev.loomgate.cli.process;

import dev.loomgate.cli.files.WatchedFiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
        WatchedFiles reopen = new WatchedFiles("--touch-logreopen", settings.touchReopen(), false);
        WatchedFiles rotate = new WatchedFiles("--touch-logrotate", settings.touchRotate(), false);
        reopen.haveChanged();
        rotate.haveChanged();
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                boolean toReopen = reopen.haveChanged();
                boolean toRotate = rotate.haveChanged();
                if (file != null && settings.maxBytes() > 0 && file.isOver(settings.maxBytes())) {
                    file.rotate("--log-maxsize");
                } else if (file != null && toRotate) {
                    file.rotate(rotate.option());
                } else if (toReopen) {
                    reopening.accept(reopen.option());
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the log's file is no longer watched");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
