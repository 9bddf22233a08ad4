package dev.loomgate.python.zygote;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What a worker writes to its standard output and standard error: two named pipes, which its zygote has made
/// beside its socket, and a thread for each that reads it. Processes that the worker has left behind may hold
/// them open and go on writing; they are listened to until they end.
final class WorkerOutput {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final long LAST_LINES_MILLIS = 200;
    private static final long STACK_BYTES = 256 * 1024;

    private final CompletableFuture<Void> ended;
    private volatile boolean writerEnded;

    private WorkerOutput(
            String name, InputStream out, InputStream err, Consumer<OutputLine> action, int mostLineBytes) {
        ended = CompletableFuture.allOf(
                read(name + "-stdout", out, action, mostLineBytes), read(name + "-stderr", err, action, mostLineBytes));
    }

    /// Opens the pipes, and reads from now on. Waits for nothing but the disk.
    ///
    /// @param name of the threads
    /// @param socket the worker's, which the names of the pipes are like
    /// @param action gets the lines, on threads of this
    /// @throws IOException if they can't be opened
    static WorkerOutput open(String name, Path socket, Consumer<OutputLine> action, int mostLineBytes)
            throws IOException {
        InputStream out = open(socket, ".out");
        try {
            return new WorkerOutput(name, out, open(socket, ".err"), action, mostLineBytes);
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    private static InputStream open(Path socket, String end) throws IOException {
        String name = String.valueOf(socket.getFileName());
        Path pipe = socket.resolveSibling(name.replaceFirst("\\.sock$", end));
        // An open for reading waits for one who writes, and they may all be gone; one for both doesn't.
        try (FileChannel _ = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new FileInputStream(pipe.toFile());
        }
    }

    private CompletableFuture<Void> read(String name, InputStream in, Consumer<OutputLine> action, int mostLineBytes) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).start(() -> {
            try (in) {
                new OutputLines(in, () -> !writerEnded, mostLineBytes, line -> action.accept(RequestMarks.read(line)))
                        .read();
            } catch (IOException e) {
                LOG.log(Level.ERROR, "{0} can''t be read any more: {1}", name, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                done.complete(null);
            }
        });
        return done;
    }

    /// The worker has ended.
    ///
    /// @return completes when all that it has written has been passed on; where another process holds a pipe
    ///     open, which has no end then, after a moment
    CompletableFuture<Void> writerEnded() {
        writerEnded = true;
        return ended.copy().completeOnTimeout(null, LAST_LINES_MILLIS, TimeUnit.MILLISECONDS);
    }
}
