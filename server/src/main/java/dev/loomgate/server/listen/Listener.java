package dev.loomgate.server.listen;

import dev.loomgate.server.ListenAddress;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/// A place that clients come in by, as the server starts and stops it.
///
/// It is bound, but closed to clients, until [#accept]. A stop takes it through [#hide], some looks at [#arrivals] and
/// [#isPaused], and [#close]. Its methods may be called by any thread that isn't a loop's.
public interface Listener {
    /// Where it listens, with the real port.
    ListenAddress address();

    /// Begins to accept.
    void accept();

    /// A loop has room again for connections. A loop's thread may call it, too.
    void roomAgain();

    /// Leaves new connections in the kernel's queue from now on, or accepts them again. Those that are open stay so.
    void suspend(boolean suspended);

    /// From now on another process has the socket, too: a stop leaves it open, with what waits in its queue.
    void share();

    /// The descriptor of the socket that listens; empty where the transport doesn't tell.
    OptionalInt openSocket();

    /// Makes the place unreachable for new clients as far as the system can; those on their way are still accepted.
    /// Blocks.
    void hide();

    /// Grows with each connection that comes to the server: accepted, or handed over by a process of the application's;
    /// and with each that such a process has accepted. Some count twice: where it doesn't grow, nothing comes.
    long arrivals();

    /// Whether connections wait for room.
    boolean isPaused();

    /// How many connections wait in the kernel until somebody accepts them; empty where that can't be told. Reads
    /// files.
    OptionalInt queued();

    /// Whether requests of its connections run where the server doesn't see their end.
    default boolean hasRequestsElsewhere() {
        return false;
    }

    /// Completes when what waits to be accepted has been looked at once more from now on.
    CompletableFuture<Void> nextLook();

    /// Accepts no more. Blocks.
    void close();
}
