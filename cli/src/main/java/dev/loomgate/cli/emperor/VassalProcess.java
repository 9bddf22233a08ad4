package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.ControlSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// What runs a vassal, and the connection to it: a process of its own, or a part of one that several share.
/// Owned by the emperor's thread; what comes from there is an event on it.
final class VassalProcess {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// What happens to it, on the emperor's thread.
    interface Events {
        /// It has sent something. The sockets are the receiver's to close.
        void received(VassalProcess process, Message message, KeptSockets sockets);

        /// It has ended.
        void ended(VassalProcess process, int status);

        /// It has ended, since it can't share a process with others.
        void needsItsOwn(VassalProcess process, String why);
    }

    /// What it runs in.
    private interface Body {
        long pid();

        void kill();
    }

    private record Own(Process process) implements Body {
        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void kill() {
            process.destroyForcibly();
        }
    }

    private record Part(SharedProcess process, int id) implements Body {
        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void kill() {
            process.kill(id);
        }
    }

    private final Body body;
    private final ControlSocket control;
    private boolean asked; // to end
    private long askedNanos;
    private Instant askedAt = Instant.EPOCH;

    private VassalProcess(Body body, ControlSocket control) {
        this.body = body;
        this.control = control;
    }

    /// Starts a process of its own.
    ///
    /// @param post runs something on the emperor's thread
    /// @throws IOException if that isn't possible
    static VassalProcess start(String name, ProcessBuilder builder, Events events, Consumer<Runnable> post)
            throws IOException {
        ControlSocket.Pair pair = ControlSocket.pair();
        Process process = pair.start(builder);
        VassalProcess started = new VassalProcess(new Own(process), pair.ours());
        started.listen(name, events, post);
        process.onExit().thenAccept(ended -> post.accept(() -> events.ended(started, ended.exitValue())));
        return started;
    }

    /// Starts it in a process that runs others as well.
    ///
    /// @param post runs something on the emperor's thread
    /// @throws IOException if that isn't possible
    static VassalProcess start(SharedProcess shared, VassalStart start, Events events, Consumer<Runnable> post)
            throws IOException {
        ControlSocket.Pair pair = ControlSocket.pair();
        int id = shared.nextId();
        VassalProcess started = new VassalProcess(new Part(shared, id), pair.ours());
        try {
            shared.start(id, start, pair.theirs(), new SharedProcess.End() {
                @Override
                public void ended(int status) {
                    events.ended(started, status);
                }

                @Override
                public void needsItsOwn(String why) {
                    events.needsItsOwn(started, why);
                }
            });
        } catch (IOException e) {
            pair.ours().close();
            throw e;
        }
        started.listen(start.name(), events, post);
        return started;
    }

    private void listen(String name, Events events, Consumer<Runnable> post) {
        Thread.ofPlatform().daemon().name("loomgate-vassal-" + name).start(() -> receive(events, post));
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
        return body.pid();
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
        body.kill();
    }

    private void send(Message message, KeptSockets sockets) {
        try {
            control.send(message.code(), sockets.text(), sockets.descriptors());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "process {0} has ended: {1}", pid(), e.getMessage());
        }
    }
}
