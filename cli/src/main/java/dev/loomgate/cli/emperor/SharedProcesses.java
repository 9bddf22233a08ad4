package dev.loomgate.cli.emperor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The processes that vassals share: one for each directory, since a process has one, and where each vassal
/// is its file's user, for each user. One starts with its first vassal, and ends with its last. Owned by the
/// emperor's thread.
final class SharedProcesses {
    private static final int END_SECONDS = 10;

    private record Key(Path directory, int uid, int gid) {}

    private final VassalCommand command;
    private final boolean ofTyrant;
    private final Consumer<Runnable> post;
    private final Map<Key, SharedProcess> processes = new HashMap<>();
    private final List<SharedProcess> ending = new ArrayList<>();

    /// @param ofTyrant whether a vassal is the user whose file it is
    /// @param post runs something on the emperor's thread
    SharedProcesses(VassalCommand command, boolean ofTyrant, Consumer<Runnable> post) {
        this.command = command;
        this.ofTyrant = ofTyrant;
        this.post = post;
    }

    /// That for a vassal.
    ///
    /// @throws IOException if it can't be started
    SharedProcess of(VassalFile file) throws IOException {
        Key key = new Key(file.directory(), ofTyrant ? file.uid() : -1, ofTyrant ? file.gid() : -1);
        SharedProcess known = processes.get(key);
        if (known != null && !known.hasEnded()) {
            return known;
        }
        SharedProcess fresh = SharedProcess.start(command.ofShared(file), post);
        processes.put(key, fresh);
        return fresh;
    }

    /// Ends those that run none.
    void endIdle() {
        processes.values().removeIf(process -> {
            if (process.isIdle()) {
                process.end();
                ending.add(process);
                return true;
            }
            return false;
        });
        ending.removeIf(SharedProcess::hasEnded);
    }

    /// Waits for the end of those that end. When all vassals have ended.
    void awaitEnd() throws InterruptedException {
        endIdle();
        for (SharedProcess process : ending) {
            process.awaitEnd(END_SECONDS);
        }
    }
}
