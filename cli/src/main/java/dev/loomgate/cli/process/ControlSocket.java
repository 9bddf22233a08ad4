package dev.loomgate.cli.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One end of two connected sockets, over which a process and one that it has started send each other messages: a
/// byte, a text, and open descriptors (unix(7), SOCK_SEQPACKET and SCM_RIGHTS). The other end notices when a
/// process ends, however it does.
///
/// ```java
/// ControlSocket.Pair pair = ControlSocket.pair();
/// Process child = pair.start(new ProcessBuilder("loomgate", "site.ini")); // there: ControlSocket.inherited()
/// pair.ours().send(GO, "127.0.0.1:8000", List.of(listening));
/// ```
///
/// An end may also go to a process that runs already, in a message to it ([#pass], [#received]).
///
/// One thread receives, and closes it in the end; any thread sends. Messages have at most [#MOST_DESCRIPTORS],
/// and 128 KiB.
public final class ControlSocket implements AutoCloseable {
    /// Of one message, by the kernel (SCM_MAX_FD).
    public static final int MOST_DESCRIPTORS = 253;

    private static final int MOST_BYTES = 128 * 1024;
    private static final int INPUT = 0;
    private static final Object INPUT_LOCK = new Object();

    private final int descriptor;
    private boolean closed; // guarded by this

    private ControlSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /// A message.
    ///
    /// @param message the byte, 0 to 255
    /// @param text what follows it
    /// @param descriptors open here, and closed by who receives them
    public record Received(int message, String text, List<Integer> descriptors) {
        public Received {
            descriptors = List.copyOf(descriptors);
        }
    }

    /// Both ends, of which the other one is a child's.
    ///
    /// @param ours this process's
    public record Pair(ControlSocket ours, ControlSocket theirs) {
        /// Starts a process that has the other end for its standard input, and closes that end here. From then on this
        /// process's own standard input is empty.
        ///
        /// @throws IOException if it can't be started; both ends are closed then
        public Process start(ProcessBuilder builder) throws IOException {
            try {
                return startNow(builder);
            } catch (IOException e) {
                ours.close();
                throw e;
            } finally {
                theirs.close();
            }
        }

        // A child gets the three standard descriptors, and Java closes all others in it. What another thread starts
        // meanwhile must not inherit its input.
        private Process startNow(ProcessBuilder builder) throws IOException {
            synchronized (INPUT_LOCK) {
                int empty = SystemCalls.open("/dev/null", SystemCalls.CLOSE_ON_EXEC, 0);
                try {
                    SystemCalls.dup2(theirs.descriptor, INPUT);
                    return builder.redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .start();
                } finally {
                    SystemCalls.dup2(empty, INPUT);
                    SystemCalls.close(empty);
                }
            }
        }
    }

    /// @throws IOException if there are no more descriptors
    public static Pair pair() throws IOException {
        int[] both = SocketCalls.pair();
        return new Pair(new ControlSocket(both[0]), new ControlSocket(both[1]));
    }

    /// The end that this process was started with. Its standard input is empty from then on, and what it starts doesn't
    /// get this end.
    ///
    /// @throws IOException if there is none
    public static ControlSocket inherited() throws IOException {
        int moved = SystemCalls.duplicate(INPUT);
        int empty = SystemCalls.open("/dev/null", SystemCalls.CLOSE_ON_EXEC, 0);
        SystemCalls.dup2(empty, INPUT);
        SystemCalls.close(empty);
        return new ControlSocket(moved);
    }

    /// Sends a message. The descriptors stay open here, too. Any thread; waits only where the other end reads nothing.
    ///
    /// @throws IOException if the other end is closed
    public synchronized void send(int message, String text, List<Integer> descriptors) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        SocketCalls.send(descriptor, message, text, descriptors);
    }

    /// Sends a message with the end of another connection, which is closed here: the receiver has it, or nobody.
    ///
    /// @throws IOException if the other end of this one is closed
    public void pass(int message, String text, ControlSocket end) throws IOException {
        try (end) {
            send(message, text, List.of(end.descriptor));
        }
    }

    /// The end that a message has brought.
    ///
    /// @throws IOException if it brought none
    public static ControlSocket received(Received message) throws IOException {
        if (message.descriptors().size() != 1) {
            ListeningSocket.closeAll(message.descriptors());
            throw new IOException("the end of a connection was lost on the way, for want of descriptors");
        }
        return new ControlSocket(message.descriptors().getFirst());
    }

    /// Waits for a message. One thread.
    ///
    /// @return empty when the other end is closed, or this one by [#end]
    public Optional<Received> receive() {
        try {
            return SocketCalls.receive(descriptor, MOST_BYTES, MOST_DESCRIPTORS);
        } catch (IOException e) {
            return Optional.empty(); // reset: the other end has gone without reading all
        }
    }

    /// Ends [#receive] here and on the other side. Any thread.
    public synchronized void end() {
        if (!closed) {
            SocketCalls.shutDown(descriptor);
        }
    }

    /// Closes this end. The thread that receives, or where there is none.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            SocketCalls.closeQuietly(descriptor);
        }
    }
}
