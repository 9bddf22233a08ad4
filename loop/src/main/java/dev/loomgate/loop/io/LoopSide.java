package dev.loomgate.loop.io;

import dev.loomgate.loop.Timer;
import dev.loomgate.loop.settings.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A loop as servers use it: what runs between its microthreads, on the *loop side*.
///
/// ```
///  one turn:  expire timers | tasks handed over | wait for I/O, handle it, Netty's tasks | each ready microthread
///             └───────────────────────────── loop side ──────────────────────────────┘    until it waits
/// ```
/// The loop side is one thread. Its code never waits, neither for a lock that an application may hold nor for a file
/// or a name server: everything else on the loop would wait with it. `Loop.side()` gives it.
public interface LoopSide {
    /// Netty's event loop, which knows whose it is.
    interface Io extends IoEventLoop {
        /// The loop that it belongs to.
        LoopSide side();
    }

    /// The loop that a channel is registered with.
    ///
    /// @param io the channel's
    /// @throws ClassCastException if it is none of our loops
    static LoopSide of(EventLoop io) {
        return ((Io) io).side();
    }

    /// Runs `task` on the loop side, in the order of each caller's calls. Any thread; doesn't wait. From a
    /// microthread of this loop it costs no system call and no atomic operation.
    ///
    /// @throws java.util.concurrent.RejectedExecutionException after the loop has ended: the task will not run, and
    ///     what it was to take care of is still the caller's
    void execute(Runnable task);

    /// Runs `task` when the microthreads that are ready by the end of this turn have had theirs, and behind what they
    /// hand over meanwhile. While the loop handles I/O only: in a channel's handler, or in a task of [#io].
    void afterMicrothreads(Runnable task);

    /// Runs `task` on the loop side again and again, `period` after it ended. Any thread.
    Timer every(Duration period, Runnable task);

    /// Runs `task` here and now, and logs what it throws. Loop side.
    void runSafely(Runnable task);

    /// Runs a server's own short blocking work, such as a read of a file that is sent, on threads apart from those of
    /// applications, and waits. In a microthread.
    ///
    /// @return what the work returns
    /// @throws Exception what the work throws, not wrapped; or InterruptedException, which is passed on to the work
    <T extends @Nullable Object> T runBlocking(Callable<T> work) throws Exception;

    /// Whether the caller is on the loop side.
    boolean inLoop();

    /// When the loop's turn began, in `System.nanoTime()`'s terms: a clock without a call to the system. Any thread.
    long nowNanos();

    /// How many turns the loop has taken. Any thread.
    long turns();

    /// What the loop waits with: channels that are registered with [#io] have to be of this kind.
    Transport transport();

    /// Netty's event loop, to register channels with. Its thread is the loop side.
    Io io();
}
