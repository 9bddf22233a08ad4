package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Period;
import dev.loomgate.cli.files.WatchedFiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens the log's file again, or begins another one, when that is asked for by a touched file, by its size, or by
/// the clock. A daemon thread looks once a second.
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
        Period period = new Period(settings.every(), begun(), ZoneId.systemDefault());
        reopen.haveChanged();
        rotate.haveChanged();
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                boolean toReopen = reopen.haveChanged();
                boolean toRotate = rotate.haveChanged();
                boolean isOver = period.isOver(Instant.now());
                if (file != null && settings.maxBytes() > 0 && file.isOver(settings.maxBytes())) {
                    file.rotate("--log-maxsize");
                } else if (file != null && isOver && file.isOver(0)) {
                    file.rotate("--log-rotate-every");
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

    // What is in the file may be of an earlier period, in which another server has written it.
    private Instant begun() {
        return file == null ? Instant.now() : file.lastWritten();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
