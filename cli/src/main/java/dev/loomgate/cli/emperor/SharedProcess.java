package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.ControlSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A process that runs several vassals, each in threads of its own ([VassalThreads] is the other side). Owned by the
/// emperor's thread.
final class SharedProcess {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// How a vassal ends there, on the emperor's thread.
    interface End {
        void ended(int status);

        /// It can't share a process.
        void needsItsOwn(String why);
    }

    private final Process process;
    private final ControlSocket control;
    private final Map<Integer, End> running = new HashMap<>();
    private int lastId;
    private boolean ended;

    private SharedProcess(Process process, ControlSocket control) {
        this.process = process;
        this.control = control;
    }

    /// Starts it.
    ///
    /// @param post runs something on the emperor's thread
    /// @throws IOException if that isn't possible
    static SharedProcess start(ProcessBuilder builder, Consumer<Runnable> post) throws IOException {
        ControlSocket.Pair pair = ControlSocket.pair();
        SharedProcess started = new SharedProcess(pair.start(builder), pair.ours());
        Thread.ofPlatform().daemon().name("loomgate-vassals").start(() -> started.receive(post));
        return started;
    }

    private void receive(Consumer<Runnable> post) {
        Optional<ControlSocket.Received> received = control.receive();
        while (received.isPresent()) {
            ControlSocket.Received one = received.get();
            int id = SharedMessage.id(one.text());
            String more = SharedMessage.more(one.text());
            if (SharedMessage.ENDED.is(one.message())) {
                int status = Integer.parseInt(more);
                post.accept(() -> vassalEnded(id, end -> end.ended(status)));
            } else if (SharedMessage.APART.is(one.message())) {
                post.accept(() -> vassalEnded(id, end -> end.needsItsOwn(more)));
            }
            received = control.receive();
        }
        control.close();
        int status = process.onExit().join().exitValue();
        post.accept(() -> processEnded(status));
    }

    private void vassalEnded(int id, Consumer<End> how) {
        End end = running.remove(id);
        if (end != null) {
            how.accept(end);
        }
    }

    private void processEnded(int status) {
        ended = true;
        if (!running.isEmpty()) {
            LOG.log(
                    Level.ERROR,
                    "emperor: process {0} has ended with status {1}, and {2} vassals with it",
                    Long.toString(pid()),
                    status,
                    running.size());
        }
        List.copyOf(running.keySet()).forEach(id -> vassalEnded(id, end -> end.ended(status)));
    }

    long pid() {
        return process.pid();
    }

    int nextId() {
        return ++lastId;
    }

    /// Whether it has ended, or does: it takes no vassals then.
    boolean hasEnded() {
        return ended || !process.isAlive();
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    /// Starts a vassal there.
    ///
    /// @param id from [#nextId]
    /// @param its the other end of the connection to the vassal; closed here in any case
    /// @param end hears how it ends
    /// @throws IOException if the process has ended
    void start(int id, VassalStart start, ControlSocket its, End end) throws IOException {
        control.pass(SharedMessage.START.code(), SharedMessage.text(id, start.text()), its);
        running.put(id, end);
    }

    /// Stops one at once.
    void kill(int id) {
        try {
            control.send(SharedMessage.KILL.code(), SharedMessage.text(id, ""), List.of());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "process {0} has ended: {1}", Long.toString(pid()), e.getMessage());
        }
    }

    /// It gets no more vassals, and ends with the last one.
    void end() {
        control.end();
    }

    /// Waits for its end, and ends it by force after that time.
    void awaitEnd(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            LOG.log(Level.WARNING, "emperor: process {0} hasn''t ended, and is killed", Long.toString(pid()));
            process.destroyForcibly().waitFor();
        }
    }
}
