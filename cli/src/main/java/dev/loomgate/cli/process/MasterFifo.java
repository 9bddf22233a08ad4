package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Reasons;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/// Named pipes that take commands, one letter each: uWSGI's master FIFO. One of them is listened to at a time; the
/// digits say which. A daemon thread reads it; [#close] ends it and removes the pipes.
///
/// Only the user that the server runs as may write to them.
public final class MasterFifo implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int OWNER_ONLY = 0600;
    private static final int FILE_TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final long END_MILLIS = 1000;

    private final List<Path> paths;
    private final IntConsumer commands;
    private final Thread reader;
    private volatile boolean closing;
    private volatile Path active;

    private MasterFifo(List<Path> paths, IntConsumer commands) {
        this.paths = paths;
        this.commands = commands;
        this.active = paths.getFirst();
        reader = Thread.ofPlatform().daemon().name("loomgate-master-fifo").unstarted(this::run);
    }

    /// Makes the pipes, and listens to the first one.
    ///
    /// @param paths one or more; a pipe that is there already is taken
    /// @param commands is told each letter, by the thread that reads
    /// @throws ServerStartException if one can't be made, with one line for the operator
    public static MasterFifo open(List<Path> paths, IntConsumer commands) throws ServerStartException {
        for (Path path : paths) {
            try {
                make(path);
            } catch (IOException e) {
                throw new ServerStartException("--master-fifo %s: %s".formatted(path, Reasons.of(e)), e);
            }
        }
        MasterFifo fifo = new MasterFifo(List.copyOf(paths), commands);
        fifo.reader.start();
        return fifo;
    }

    private static void make(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & FILE_TYPE) != FIFO) {
                throw new IOException("there is a file that is no named pipe");
            }
            Files.delete(path);
        }
        SystemCalls.makeFifo(path.toString(), OWNER_ONLY);
    }

    private void run() {
        while (!closing) {
            Path path = active;
            // To write as well, so that there is no end while nobody writes, and the open doesn't wait.
            try (RandomAccessFile pipe = new RandomAccessFile(path.toFile(), "rw")) {
                while (!closing && path.equals(active)) {
                    int letter = pipe.read();
                    if (letter < 0) {
                        throw new IOException("there is a file that is no named pipe any more");
                    }
                    heard(letter);
                }
            } catch (IOException e) {
                LOG.log(Level.ERROR, "--master-fifo {0}: no more commands are read: {1}", path, Reasons.of(e));
                return;
            }
        }
    }

    private void heard(int letter) {
        if (letter >= '0' && letter <= '9') {
            activate(letter - '0');
        } else if (letter > ' ') { // not the end of a line
            try {
                commands.accept(letter);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "--master-fifo: the command " + (char) letter + " failed", e);
            }
        }
    }

    private void activate(int number) {
        if (number >= paths.size()) {
            LOG.log(
                    Level.WARNING,
                    "--master-fifo: there is no pipe {0}, the last one is {1}",
                    number,
                    paths.size() - 1);
            return;
        }
        active = paths.get(number);
        LOG.log(Level.INFO, "active master fifo is now {0}", active);
    }

    @Override
    public void close() {
        closing = true;
        try (RandomAccessFile pipe = new RandomAccessFile(active.toFile(), "rw")) {
            pipe.write('\n'); // which wakes the reader
            reader.join(END_MILLIS);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} has gone: {1}", active, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Path path : paths) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.log(Level.INFO, "--master-fifo: {0} is left behind: {1}", path, Reasons.of(e));
            }
        }
    }
}
