package dev.loomgate.python.workers;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.call.AssignedWorker;
import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.Mailbox;
import dev.loomgate.python.call.Overflow;
import dev.loomgate.python.call.Reply;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One worker process as the JVM sees it: what runs in it, and what is sent to it. Loop side only.
final class Worker implements AssignedWorker {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final Duration CANCEL_GRACE = Duration.ofMillis(300);

    /// Where a worker is in its life; it never goes back.
    enum State {
        /// Forked; it imports or connects.
        STARTING,
        /// It is given requests.
        SERVING,
        /// It is given no more, and finishes those that it has.
        LEAVING,
        /// It has nothing to do any more, and has been told to stop.
        STOPPED,
        /// Its process has ended.
        DEAD
    }

    private final Pool pool;
    private final Fleet fleet;
    final Generation generation;
    final int slot;
    final long pid;
    final long startedNanos = System.nanoTime();
    private final Path begunFile;
    private final WorkerConnections connections;
    private final Outbox out;

    State state = State.STARTING;
    /// Whether it has ever been given requests.
    boolean hasServed;
    private boolean toldOfLength;
    private final IntObjectHashMap<Call> running = new IntObjectHashMap<>();
    private int lastId;
    private int answered;
    int requestLimit;
    private long busySinceNanos;
    private int answeredInThisRead;
    private int filesLent;
    private boolean recalled;
    private boolean condemned;
    private boolean heardSinceCondemned;
    /// Kills it, should it not have ended by then.
    @Nullable
    Timer mercy;
    /// How its process has ended, once the zygote has said so.
    @Nullable
    String exit;
    /// Whether it was a signal that ended its process.
    boolean killed;
    /// Whether nothing more will come from it.
    boolean dataEnded;

    Worker(Fleet fleet, Pool pool, Generation generation, int slot, long pid, Path socket) {
        this.fleet = fleet;
        this.pool = pool;
        this.generation = generation;
        this.slot = slot;
        this.pid = pid;
        String name = String.valueOf(socket.getFileName());
        this.begunFile = socket.resolveSibling(name.replaceFirst("\\.sock$", ".begun"));
        this.connections = new WorkerConnections(fleet.loop(), socket, this);
        this.out = new Outbox(fleet.loop(), connections);
    }

    void connect() {
        connections.connect();
    }

    // ---- requests

    int load() {
        return running.size();
    }

    /// Whether it has had a request for longer than quick ones take.
    boolean isHeldUp(long nowNanos, long limitNanos) {
        return !running.isEmpty() && nowNanos - busySinceNanos > limitNanos;
    }

    void send(Call call) {
        int id = ++lastId;
        if (running.isEmpty()) {
            busySinceNanos = System.nanoTime();
        }
        call.given(this, id);
        running.put(id, call);
        Frames.request(
                out.frames(),
                id,
                call.environ().bytes(),
                call.environ().length(),
                call.body(),
                call.isBodyComplete());
        call.sendParts();
    }

    @Override
    public void sendPart(Call call, Call.BodyPart part) {
        byte[] bytes = part.bytes();
        String failure = part.failure();
        if (failure != null) {
            Frames.bytes(out.frames(), FrameType.BODY_FAILED, 0, call.id(), failure.getBytes(StandardCharsets.UTF_8));
        } else if (bytes == null) {
            Frames.empty(out.frames(), FrameType.BODY, FrameType.LAST, call.id());
        } else {
            Frames.bytes(out.frames(), FrameType.BODY, 0, call.id(), bytes);
        }
    }

    /// More of the response may be sent, if there is room for it.
    void credit(Call call) {
        if (running.get(call.id()) == call) {
            credit(call, call.creditDue());
        }
    }

    @Override
    public void credit(Call call, int bytes) {
        if (bytes > 0 && running.get(call.id()) == call) {
            Frames.number(out.frames(), FrameType.CREDIT, call.id(), bytes);
        }
    }

    @Override
    public void fileSent(Call call) {
        if (state != State.DEAD && call.fileSent()) {
            filesLent--;
            Frames.empty(out.frames(), FrameType.FILE_SENT, 0, call.id());
            stopIfDone();
        }
    }

    @Override
    public void cancel(Call call, boolean overtime) {
        if (running.get(call.id()) != call) {
            return;
        }
        if (call.cancel()) {
            Frames.empty(out.frames(), FrameType.CANCEL, overtime ? FrameType.OVERTIME : 0, call.id());
            Duration harakiri = fleet.options().harakiri();
            if (!overtime && harakiri.isPositive()) {
                // The server looks after a request no more whose client has gone.
                fleet.later(harakiri, () -> cancel(call, true));
            }
        }
        if (overtime && call.expire()) {
            fleet.later(CANCEL_GRACE, () -> {
                if (running.get(call.id()) == call) {
                    condemn("it is stuck in " + call + ", whose time is over (--harakiri)");
                }
            });
        }
    }

    /// Asks it to give back what it hasn't begun, unless it has been asked and hasn't answered.
    void recall() {
        if (!recalled) {
            recalled = true;
            out.flush(); // what is sent afterwards would not be recalled
            connections.sendRecall();
        }
    }

    // ---- what it says

    /// A frame on `data`.
    void dataFrame(int type, int flags, int id, ByteBuf payload) {
        Call call = running.get(id);
        if (call == null) {
            throw new FrameException("a frame of type 0x%02x for request %d, which isn't running".formatted(type, id));
        }
        switch (type) {
            case FrameType.RESPONSE -> {
                if ((flags & FrameType.LAST) != 0) {
                    deliver(call, new Reply.Response(bytes(payload), true), true);
                } else {
                    beginning(call, payload);
                }
            }
            case FrameType.CHUNK -> content(call, payload, (flags & FrameType.LAST) != 0);
            case FrameType.FILE -> {
                if (call.isCancelled()) {
                    deliver(call, new Reply.Cancelled(), true);
                } else {
                    lent(call, payload);
                }
            }
            case FrameType.FAILED ->
                deliver(
                        call,
                        (flags & FrameType.CANCELLED) != 0
                                ? new Reply.Cancelled()
                                : new Reply.Failed(payload.toString(StandardCharsets.UTF_8)),
                        true);
            case FrameType.CONSUMED -> {
                call.begun();
                call.window().give(payload.readIntLE());
            }
            case FrameType.LOG_VARIABLES -> deliver(call, Reply.LogVariables.read(payload), false);
            default -> throw new FrameException("a frame of type 0x%02x on data".formatted(type));
        }
    }

    // Not of a call that was cancelled: then it closes the file, and may have another one by that number.
    private void lent(Call call, ByteBuf payload) {
        call.begun();
        call.fileLent();
        filesLent++;
        forget(call);
        Path file = Path.of("/proc/" + pid + "/fd/" + payload.readIntLE());
        call.deliver(new Reply.File(file, payload.readLongLE(), payload.readLongLE()));
    }

    // A response that goes on. What is long is cut, so that parts of it may wait elsewhere.
    private void beginning(Call call, ByteBuf payload) {
        int head = Reply.Response.bodyStart(payload.getIntLE(payload.readerIndex()), payload.readableBytes());
        int body = Math.min(payload.readableBytes() - head, Mailbox.PIECE_BYTES);
        call.owe(body);
        deliver(call, new Reply.Response(bytes(payload, head + body), false), false);
        if (payload.isReadable()) {
            content(call, payload, false);
        } else {
            credit(call);
        }
    }

    private void content(Call call, ByteBuf payload, boolean last) {
        call.begun();
        while (payload.readableBytes() > Mailbox.PIECE_BYTES) {
            put(call, new Reply.Chunk(bytes(payload, Mailbox.PIECE_BYTES), false));
        }
        if (last) {
            ended(call);
        }
        put(call, new Reply.Chunk(bytes(payload), last));
        if (!last) {
            credit(call);
            keepTime(call);
        }
    }

    // The server's clock stands still while it waits for a slow client; the program's time goes on meanwhile.
    private void keepTime(Call call) {
        Duration harakiri = fleet.options().harakiri();
        if (harakiri.isPositive() && call.isBehind() && call.beginTiming()) {
            fleet.later(harakiri, () -> timeIsOver(call));
        }
    }

    private void timeIsOver(Call call) {
        if (running.get(call.id()) != call || call.isCancelled()) {
            return;
        }
        if (call.holdsWorkerUp()) {
            call.endTiming(); // the client's fault: begins with the next piece
            return;
        }
        LOG.log(
                Level.WARNING,
                "%s: the program has not ended its response within %d ms (--harakiri)"
                        .formatted(call, fleet.options().harakiri().toMillis()));
        call.deliver(new Reply.Overtime());
        cancel(call, true);
    }

    private void put(Call call, Reply.Chunk chunk) {
        Overflow overflow = call.put(chunk);
        if (overflow != null) {
            overflow.spool(pool.isCrowded(), () -> fleet.execute(() -> credit(call)));
        }
    }

    private static byte[] bytes(ByteBuf payload) {
        return bytes(payload, payload.readableBytes());
    }

    private static byte[] bytes(ByteBuf payload, int count) {
        byte[] bytes = new byte[count];
        payload.readBytes(bytes);
        return bytes;
    }

    private void deliver(Call call, Reply reply, boolean last) {
        call.begun();
        if (last) {
            ended(call);
        }
        call.deliver(reply);
    }

    private void ended(Call call) {
        call.ended();
        forget(call);
    }

    private void forget(Call call) {
        running.remove(call.id());
        answered++;
        answeredInThisRead++;
    }

    /// All frames that had come are read.
    void readComplete() {
        heardSinceCondemned |= condemned;
        if (answeredInThisRead > 0) {
            long now = System.nanoTime();
            pool.answered(now - busySinceNanos, answeredInThisRead);
            answeredInThisRead = 0;
            busySinceNanos = now;
        }
        if (requestLimit > 0 && answered >= requestLimit && state == State.SERVING) {
            requestLimit = 0;
            fleet.replace(this, "it has answered " + answered + " requests (--max-requests)");
        }
        pool.roomIn();
        stopIfDone();
    }

    /// It has given back requests that it hadn't begun.
    void returned(ByteBuf ids) {
        recalled = false;
        List<Call> calls = new ArrayList<>();
        while (ids.isReadable()) {
            Call call = running.remove(ids.readIntLE());
            if (call != null) {
                calls.add(call);
            }
        }
        again(calls);
        stopIfDone();
    }

    /// These have not begun here: others get them, if they are still wanted.
    private void again(List<Call> calls) {
        calls.removeIf(call -> !call.recalled());
        pool.again(calls);
    }

    // ---- its end

    /// It gets no further request, and stops when it has none left.
    void leave() {
        if (state == State.STARTING || state == State.SERVING) {
            state = State.LEAVING;
            pool.remove(this);
            stopIfDone();
        }
    }

    private void stopIfDone() {
        if (state == State.LEAVING && running.isEmpty() && filesLent == 0 && !condemned) {
            state = State.STOPPED;
            Frames.empty(out.frames(), FrameType.STOP, 0, 0);
        }
    }

    /// It can't be trusted any more: its stack goes to the log, and then it is killed.
    void condemn(String why) {
        if (condemned || state == State.DEAD) {
            return;
        }
        condemned = true;
        LOG.log(Level.ERROR, "{0} is replaced: {1}; its stack follows", this, why);
        pool.remove(this);
        if (state != State.STOPPED) {
            state = State.LEAVING;
        }
        recall();
        generation.killWithStack(this);
    }

    /// Whether it runs requests that nobody has given up, and isn't stuck as a whole: threads run by themselves,
    /// and an event loop that has sent something since has only one that doesn't end.
    boolean othersProceed() {
        boolean proceeds = fleet.hasThreads() || heardSinceCondemned;
        heardSinceCondemned = false;
        return proceeds && running.values().stream().anyMatch(call -> !call.isCancelled());
    }

    /// Its process has ended: what it had not begun goes to others, what it had is lost.
    void died(String how) {
        if (state == State.DEAD) {
            return;
        }
        state = State.DEAD;
        pool.remove(this);
        connections.close();
        if (mercy != null) {
            mercy.cancel();
        }
        out.close();
        int begun = BegunFile.read(begunFile);
        List<Call> left = new ArrayList<>(running.values());
        left.sort(Comparator.comparingInt(Call::id));
        running.clear();
        List<Call> notBegun = new ArrayList<>();
        for (Call call : left) {
            if (call.id() > begun && !call.isBegun()) {
                notBegun.add(call);
            } else {
                call.lost(how);
                LOG.log(Level.ERROR, "{0} {1} while it was inside {2}", this, how, call);
            }
        }
        again(notBegun);
    }

    // Told once: it will do so again.
    @Override
    public void bodyTooLong(Call call) {
        if (!toldOfLength) {
            toldOfLength = true;
            LOG.log(
                    Level.WARNING,
                    "{0}: {1} has a longer body than its Content-Length says: what is over isn''t sent, here and in this"
                            + " worker''s further responses",
                    this,
                    call);
        }
    }

    /// `worker 2 (pid 4711)`.
    @Override
    public String toString() {
        return "worker " + slot + " (pid " + pid + ")";
    }

    Fleet fleet() {
        return fleet;
    }

    @Nullable
    Call running(int id) {
        return running.get(id);
    }
}
