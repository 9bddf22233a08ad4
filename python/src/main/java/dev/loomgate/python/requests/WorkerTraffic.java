package dev.loomgate.python.requests;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.python.call.AssignedWorker;
import dev.loomgate.python.call.Call;
import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.connection.Outbox;
import dev.loomgate.python.direct.DirectWorker;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// What runs in a worker, and what is sent to it: calls, parts of bodies, credit, cancelling, recalling.
/// Loop side only.
final class WorkerTraffic implements AssignedWorker {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int AGE_BYTES = Integer.BYTES + Long.BYTES;

    private final HomeLoop home;
    private final WorkerProcess process;
    private final Pace pace;
    private final Duration requestTimeout;
    private final Duration requestGrace;
    private final String limitName;
    private final boolean hasThreads;
    private int concurrency;
    private final Connections connections;
    private final Outbox out;
    private final IntSupplier direct;
    private final IntSupplier signals;
    private final BooleanSupplier quiet;

    private final IntObjectHashMap<Call> running = new IntObjectHashMap<>();
    private int lastId;
    private final WorkerCounts counts = new WorkerCounts();
    private final RecordedExchanges recorded;
    private int answeredInThisRead;
    private long busySinceNanos;
    private int filesLent;
    private boolean recalled;
    private boolean heardSinceCondemned;
    private boolean toldOfLength;

    /// @param direct how many requests the worker runs that it has taken itself
    /// @param signals how many signals it has been sent whose handlers have not ended
    /// @param quiet whether it will take none any more, and runs none
    WorkerTraffic(
            HomeLoop home,
            PythonOptions options,
            Pace pace,
            WorkerProcess process,
            Connections connections,
            IntSupplier direct,
            IntSupplier signals,
            BooleanSupplier quiet) {
        this.home = home;
        this.direct = direct;
        this.signals = signals;
        this.quiet = quiet;
        this.process = process;
        this.pace = pace;
        this.requestTimeout = options.requestTimeout();
        this.requestGrace = options.replacement().requestGrace();
        this.limitName = options.nameOf("requestTimeout");
        this.hasThreads = options.mode() instanceof WorkerMode.Threads;
        this.concurrency = options.mode().concurrency();
        this.connections = connections;
        this.out = new Outbox(home.loop(), connections);
        this.recorded = new RecordedExchanges(process.number(), process.pid());
    }

    /// The worker runs this many requests at once, as tasks.
    void tasks(int requests) {
        concurrency = requests;
    }

    // ---- what runs

    /// How much it has been given: requests and signals.
    int load() {
        return running.size() + signals.getAsInt();
    }

    /// The same, and the requests that it has taken itself.
    int wholeLoad() {
        return requests() + signals.getAsInt();
    }

    /// How many requests it runs, those among them that it has taken itself.
    int requests() {
        return running.size() + direct.getAsInt();
    }

    @Nullable
    Call running(int id) {
        return running.get(id);
    }

    boolean runs(Call call) {
        return running.get(call.id()) == call;
    }

    /// How many requests it has been given, those aside that it has taken itself.
    int given() {
        return lastId;
    }

    /// How many requests it has answered.
    int answered() {
        return counts.answered();
    }

    /// What it has done, and what places its requests have.
    WorkerCounts counts() {
        return counts;
    }

    /// What it runs, or has been sent, the oldest first.
    List<Call> calls() {
        return running.values().stream()
                .sorted(Comparator.comparingLong(Call::sinceNanos))
                .toList();
    }

    /// The same, in no order.
    Iterable<Call> unsortedCalls() {
        return running.values();
    }

    /// How long what it has been sent has been there, as DUMP says it; as much of it as a frame takes.
    byte[] ages(long nowNanos) {
        int most = FrameType.MAX_PAYLOAD_BYTES / AGE_BYTES;
        ByteBuffer ages =
                ByteBuffer.allocate(Math.min(running.size(), most) * AGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Call call : running.values()) {
            if (ages.remaining() < AGE_BYTES) {
                break;
            }
            ages.putInt(call.id()).putLong(Math.max(0, nowNanos - call.sinceNanos()));
        }
        return ages.array();
    }

    /// Whether it has been busy for longer than with quick requests: with one, or with handlers in all places.
    boolean isHeldUp(long nowNanos, long limitNanos) {
        boolean isBusy = !running.isEmpty() || signals.getAsInt() >= concurrency;
        return isBusy && nowNanos - busySinceNanos > limitNanos;
    }

    /// Whether it runs requests that nobody has given up, and isn't stuck as a whole: threads run by themselves,
    /// and an event loop that has sent something since it was condemned has only one that doesn't end. What it has
    /// taken itself it has been asked for, and hands over where it isn't stuck.
    boolean proceeds() {
        boolean proceeds = hasThreads || heardSinceCondemned;
        heardSinceCondemned = false;
        return proceeds && running.values().stream().anyMatch(call -> !call.isCancelled());
    }

    // ---- what is sent to it

    void send(Call call) {
        int id = ++lastId;
        if (running.isEmpty()) {
            busySinceNanos = System.nanoTime();
        }
        call.given(this, id);
        call.since(System.nanoTime());
        counts.begun(call);
        recorded.begun(call);
        running.put(id, call);
        int flags = (call.isBodyComplete() ? FrameType.LAST : 0)
                | (call.offersWebSocket() ? FrameType.WEB_SOCKET : 0)
                | (call.takesEarlyHints() ? FrameType.TAKES_HINTS : 0)
                | (call.takesTrailers() ? FrameType.TAKES_TRAILERS : 0)
                | (call.takesRoute() ? FrameType.TAKES_ROUTE : 0)
                | (call.hasFields() ? FrameType.HAS_FIELDS : 0);
        Frames.request(out.frames(), id, call.environ().bytes(), call.environ().length(), call.body(), flags);
        call.sendParts();
    }

    /// It has begun a call by itself, and numbered it.
    ///
    /// @throws FrameException if it has one by that number
    void begun(Call call, int id) {
        if (running.containsKey(id)) {
            throw new FrameException("a worker has begun request %d twice".formatted(id));
        }
        if (running.isEmpty()) {
            busySinceNanos = System.nanoTime();
        }
        call.given(this, id);
        call.begun();
        counts.begun(call);
        recorded.begun(call);
        running.put(id, call);
    }

    /// It is to take connections, or no more of them.
    ///
    /// @param limit after how many requests it says so; 0 for never
    void accept(boolean take, int limit) {
        Frames.accept(out.frames(), take, limit);
    }

    /// Whether it would run the handler of a signal at once.
    boolean hasRoomForSignal() {
        return wholeLoad() < concurrency;
    }

    /// Raises a signal in it, which counts from now on.
    void signal(int number) {
        if (load() == 1) {
            busySinceNanos = System.nanoTime();
        }
        Frames.empty(out.frames(), FrameType.SIGNAL, 0, number);
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
        if (runs(call)) {
            credit(call, call.creditDue());
        }
    }

    @Override
    public void credit(Call call, int bytes) {
        if (bytes > 0 && runs(call)) {
            Frames.number(out.frames(), FrameType.CREDIT, call.id(), bytes);
        }
    }

    @Override
    public void fileSent(Call call) {
        if (process.state() != ProcessState.DEAD && call.fileSent()) {
            filesLent--;
            Frames.empty(out.frames(), FrameType.FILE_SENT, 0, call.id());
            stopIfDone();
        }
    }

    @Override
    public void cancel(Call call, boolean overtime) {
        if (!runs(call)) {
            return;
        }
        if (call.cancel()) {
            Frames.empty(out.frames(), FrameType.CANCEL, overtime ? FrameType.OVERTIME : 0, call.id());
            if (!overtime && requestTimeout.isPositive()) {
                // The server keeps no time for a request whose client has disconnected.
                home.later(requestTimeout, () -> cancel(call, true));
            }
        }
        if (overtime && call.expire()) {
            counts.overtime();
            home.later(requestGrace, () -> {
                if (runs(call)) {
                    process.condemn(
                            "it is stuck in " + call + ", whose time is over (" + limitName + ")", call.logId());
                }
            });
        }
    }

    /// An operator wants it to end: it is told as if its time were over, and is replaced if it doesn't
    /// let go of it soon.
    ///
    /// @param why for the log
    void end(Call call, String why) {
        if (!runs(call)) {
            return;
        }
        call.withdraw();
        if (call.expire()) {
            Frames.empty(out.frames(), FrameType.CANCEL, FrameType.OVERTIME, call.id());
        }
        home.later(DirectWorker.CANCEL_GRACE, () -> {
            if (runs(call)) {
                process.condemn(
                        "it is stuck in %s, which an operator has cancelled (%s)".formatted(call, why), call.logId());
            }
        });
    }

    @Override
    public boolean lend(Call call, int descriptor) {
        if (!connections.passesDescriptors()) {
            return false;
        }
        if (runs(call)) {
            int id = call.id();
            connections.sendDescriptor(descriptor, () -> Frames.empty(out.frames(), FrameType.LENT, 0, id));
        }
        return true;
    }

    @Override
    public void refuse(Call call, boolean forNow) {
        if (runs(call)) {
            Frames.empty(out.frames(), FrameType.REFUSED, forNow ? FrameType.NOT_NOW : 0, call.id());
        }
    }

    @Override
    public void reclaim(Call call) {
        if (runs(call)) {
            Frames.empty(out.frames(), FrameType.RECLAIM, 0, call.id());
        }
    }

    @Override
    public void askToEnd(Call call) {
        if (runs(call) && !call.isCancelled()) {
            Frames.empty(out.frames(), FrameType.END, 0, call.id());
        }
    }

    /// Asks it to end the responses that have begun.
    void askAllToEnd() {
        calls().forEach(this::askToEnd);
    }

    /// Asks it to give back what it hasn't begun, unless it has been asked and hasn't answered.
    void recall() {
        if (!recalled) {
            recalled = true;
            out.flush(); // what is sent afterwards would not be recalled
            connections.sendRecall();
        }
    }

    /// Tells it to stop, if it is to leave and has nothing left to do.
    void stopIfDone() {
        if (process.state() == ProcessState.LEAVING && running.isEmpty() && filesLent == 0 && quiet.getAsBoolean()) {
            process.drained();
            Frames.empty(out.frames(), FrameType.STOP, 0, 0);
        }
    }

    // ---- what comes from it

    /// The last frame of a call's has come.
    void ended(Call call) {
        call.ended();
        forget(call);
    }

    /// The last frame of a call's has come, and names a file that the worker keeps open.
    void endedWithFile(Call call) {
        call.fileLent();
        filesLent++;
        forget(call);
    }

    private void forget(Call call) {
        running.remove(call.id());
        recorded.over(call);
        counts.answered(call, DirectWorker.isNumberedByIt(call.id()), System.nanoTime());
        answeredInThisRead++;
    }

    /// All frames that had come are read.
    void readComplete() {
        heardSinceCondemned |= process.state() == ProcessState.CONDEMNED;
        if (answeredInThisRead > 0) {
            long now = System.nanoTime();
            pace.answered(now - busySinceNanos, answeredInThisRead);
            answeredInThisRead = 0;
            busySinceNanos = now;
        }
    }

    /// It has given back requests that it hadn't begun.
    ///
    /// @return those for which another worker is wanted
    List<Call> returned(ByteBuf ids) {
        recalled = false;
        List<Call> calls = new ArrayList<>();
        while (ids.isReadable()) {
            Call call = running.get(ids.readIntLE());
            if (call != null) {
                boolean wanted = call.recalled(); // or a defect: then it is still running
                running.remove(call.id());
                recorded.returned(call);
                counts.returned(call);
                if (wanted) {
                    calls.add(call);
                }
            }
        }
        return calls;
    }

    @Override
    public void bodyTooLong(Call call) {
        if (!toldOfLength) {
            toldOfLength = true; // it will do so again
            LOG.log(
                    Level.WARNING,
                    "{0}: {1} has a longer body than its Content-Length says: the rest isn''t sent, here and in this"
                            + " worker''s further responses",
                    process,
                    call);
        }
    }

    /// Its process has ended: what it had begun is lost.
    ///
    /// @param begun the last request that it has begun
    /// @return what it had not begun, for which another worker is wanted
    List<Call> died(String how, int begun) {
        out.close();
        List<Call> left = new ArrayList<>(running.values());
        left.sort((one, other) -> Integer.compareUnsigned(one.id(), other.id()));
        running.clear();
        List<Call> notBegun = new ArrayList<>();
        for (Call call : left) {
            if (call.id() > begun && !call.isBegun()) {
                recorded.returned(call);
                if (call.recalled()) {
                    notBegun.add(call);
                }
            } else {
                recorded.over(call);
                call.lost(how);
                LOG.log(Level.ERROR, "{0} {1} while it was inside {2}", process, how, call, call.logId());
            }
        }
        return notBegun;
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
