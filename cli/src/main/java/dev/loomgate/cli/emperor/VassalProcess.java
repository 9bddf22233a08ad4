package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.ControlSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// One process of a vassal, and the connection to it. Owned by the emperor's thread; what comes from the process is an
/// event there.
final class VassalProcess {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// What happens to it, on the emperor's thread.
    interface Events {
        /// It has sent something. The sockets are the receiver's to close.
        void received(VassalProcess process, Message message, KeptSockets sockets);

        /// It has ended.
        void ended(VassalProcess process, int status);
    }

    private final Process process;
    private final ControlSocket control;
    private boolean asked; // to end
    private long askedNanos;
    private Instant askedAt = Instant.EPOCH;

    private VassalProcess(Process process, ControlSocket control) {
        this.process = process;
        this.control = control;
    }

    /// Starts it.
    ///
    /// @param post runs something on the emperor's thread
    /// @throws IOException if that isn't possible
    static VassalProcess start(String name, ProcessBuilder builder, Events events, Consumer<Runnable> post)
            throws IOException {
        ControlSocket.Pair pair = ControlSocket.pair();
        VassalProcess started = new VassalProcess(pair.start(builder), pair.ours());
        Thread.ofPlatform().daemon().name("loomgate-vassal-" + name).start(() -> started.receive(events, post));
        started.process.onExit().thenAccept(ended -> post.accept(() -> events.ended(started, ended.exitValue())));
        return started;
    }

    private void receive(Events events, Consumer<Runnable> post) {
        Optional<ControlSocket.Received> received = control.receive();
        while (received.isPresent()) {
            ControlSocket.Received one = received.get();
            post.accept(() -> events.received(this, Message.of(one.message()), KeptSockets.of(one)));
            received = control.receive();
        }
        control.close();
    }

    long pid() {
        return process.pid();
    }

    /// Lets it listen.
    void go(KeptSockets sockets) {
        send(Message.GO, sockets);
    }

    /// Asks it to end. Once.
    ///
    /// @param message STOP or LEAVE
    /// @param nowNanos [System#nanoTime]
    void end(Message message, long nowNanos) {
        if (!asked) {
            asked = true;
            askedNanos = nowNanos;
            askedAt = Instant.now();
            send(message, KeptSockets.NONE);
        }
    }

    boolean isEnding() {
        return asked;
    }

    /// When it was asked to end.
    long askedNanos() {
        return askedNanos;
    }

    /// The same, by the clock; 1970 if it wasn't.
    Instant askedAt() {
        return askedAt;
    }

    /// Ends it at once.
    void kill() {
        process.destroyForcibly();
    }

    private void send(Message message, KeptSockets sockets) {
        try {
            control.send(message.code(), sockets.text(), sockets.descriptors());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "process {0} has ended: {1}", pid(), e.getMessage());
        }
    }
}
