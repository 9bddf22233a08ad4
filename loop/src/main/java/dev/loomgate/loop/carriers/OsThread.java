package dev.loomgate.loop.carriers;

import dev.loomgate.loop.threads.ProcThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// One OS thread that carries a loop, or has carried it and still runs the microthread that held it, or waits to
/// carry it: an M of Go's.
///
/// **Owning.** What belongs to the loop's OS thread (the ready queue, timers, hand-overs) is touched only between
/// [#enter] and [#leave], by the thread that owns the loop. While a microthread runs outside of such a stretch,
/// another OS thread may take the loop over:
///
/// ```
///   owner                               taker
///   depth = 1           (plain store)   lost = true
///   lost? no: go on     (load)          handshake with the owner's thread: its stack is asked for
///   ...                                 depth is 0, and the turn is the same? the loop is the taker's
///   depth = 0
/// ```
/// That is Dekker's handshake with the two fences on the taker's side alone. The JVM takes another thread's stack
/// at one of its safepoints, or while it is out of Java code, and orders the memory of both at that moment. So
/// either the owner is past its load, and the taker sees depth 1; or it is before its store, and sees `lost`. The
/// owner pays two plain stores.
public final class OsThread extends Thread {
    private static final VarHandle DEPTH;
    private static final VarHandle TURN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DEPTH = lookup.findVarHandle(OsThread.class, "depth", int.class);
            TURN = lookup.findVarHandle(OsThread.class, "turn", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LoopCarrier carrier;

    // Written by this thread alone; read by the watchdog. More than 0: what runs here is not to be left alone.
    private int depth = 1;

    // Odd while a microthread runs. Written by this thread alone, in opaque mode: the watchdog sees it late, but
    // sees it.
    private long turn;

    // Written by the taker, and by this thread when it finds that it is the owner still.
    private volatile boolean lost;

    private volatile long id = ProcThread.UNKNOWN;

    OsThread(LoopCarrier carrier, String name) {
        super(name);
        this.carrier = carrier;
        setDaemon(true); // one that never comes back must not keep the JVM; the watchdog's thread does that
    }

    @Override
    public void run() {
        id = ProcThread.ofCurrent();
        carrier.serve(this);
    }

    /// Begins a stretch in which nobody takes the loop over. By the owner, or by the microthread that it runs; no
    /// wait until [#leave].
    ///
    /// @return false if the loop has been taken over, or is about to be: until it waits next, the caller is as
    /// foreign to the loop as any other thread
    boolean enter() {
        DEPTH.setOpaque(this, depth + 1);
        if (!lost) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        DEPTH.setRelease(this, depth - 1);
    }

    /// A microthread begins to run. By the owner.
    void beginTurn() {
        TURN.setOpaque(this, turn + 1);
        carrier.wakeResting();
        DEPTH.setRelease(this, 0);
    }

    /// A microthread has stopped to run. By this thread.
    ///
    /// @return false if the loop may have been taken over meanwhile
    boolean endTurn() {
        DEPTH.setOpaque(this, 1);
        TURN.setOpaque(this, turn + 1);
        return !lost;
    }

    /// Whether nobody has taken the loop over or is about to. By this thread.
    boolean isKept() {
        return !lost;
    }

    /// It is the owner, and nobody is about to change that. By this thread, holding the carrier's lock.
    void keeps() {
        lost = false;
    }

    /// Makes every further [#enter] fail, and says whether the loop can be taken from this thread in the middle of
    /// that turn. By the taker, holding the carrier's lock.
    boolean losesAt(long itsTurn) {
        lost = true;
        getStackTrace(); // the handshake
        return (int) DEPTH.getAcquire(this) == 0 && turn() == itsTurn;
    }

    /// Whether it is in that turn still; if so, it sees in its next turn what the calling thread has written. Any
    /// thread but this one.
    boolean isStillAt(long itsTurn) {
        getStackTrace(); // the handshake
        return turn() == itsTurn;
    }

    /// The number of the turn: odd while a microthread runs. Any thread; approximate.
    public long turn() {
        return (long) TURN.getOpaque(this);
    }

    /// Whether a microthread runs in that turn, as opposed to the loop side.
    public static boolean isMicrothreads(long turn) {
        return (turn & 1) == 1;
    }

    /// What the operating system says of it. Any thread.
    public ProcThread.Work work() {
        return ProcThread.work(id);
    }
}
