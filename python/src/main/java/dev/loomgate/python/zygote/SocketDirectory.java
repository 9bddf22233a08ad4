package dev.loomgate.python.zygote;

import dev.loomgate.loop.Loop;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// The directory in which a zygote keeps its workers' sockets. It removes it itself, unless it is killed.
public final class SocketDirectory {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    private SocketDirectory() {}

    /// Removes what a zygote has left. Any thread; doesn't wait.
    ///
    /// @param path empty where it hadn't made any
    /// @return completes when that is done, on the loop side or in a microthread
    public static CompletableFuture<Void> remove(Loop loop, String path) {
        if (path.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> removed = new CompletableFuture<>();
        Path directory = Path.of(path);
        loop.start("removing " + directory, () -> {
            try {
                Loop.offload(() -> removeNow(directory));
            } catch (Exception e) {
                LOG.log(Level.WARNING, "the directory {0} of a killed process can''t be deleted: {1}", directory, e);
            } finally {
                removed.complete(null);
            }
        });
        return removed;
    }

    private static boolean removeNow(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        return Files.deleteIfExists(directory);
    }
}
