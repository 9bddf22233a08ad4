package dev.loomgate.cli.process;

import dev.loomgate.cli.files.WatchedFiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Opens the log's file again, or begins another one, when that is asked for by a touched file or by its size. A daemon
/// thread looks once a second.
final class LogWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final long PERIOD_MILLIS = 1000;

    private final LogFile file;
    private final LogSettings settings;
    private final Thread thread;

    private LogWatch(LogFile file, LogSettings settings) {
        this.file = file;
        this.settings = settings;
        thread = Thread.ofPlatform().daemon().name("loomgate-log-file").unstarted(this::run);
    }

    static LogWatch start(LogFile file, LogSettings settings) {
        LogWatch watch = new LogWatch(file, settings);
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
                if (settings.maxBytes() > 0 && file.isOver(settings.maxBytes())) {
                    file.rotate("--log-maxsize");
                } else if (toRotate) {
                    file.rotate(rotate.option());
                } else if (toReopen) {
                    file.reopen(reopen.option());
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
