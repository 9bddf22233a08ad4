package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.Reply;
import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.connection.FrameListener;
import dev.loomgate.python.direct.DirectMode;
import dev.loomgate.python.direct.DirectWorker;
import dev.loomgate.python.direct.Scoreboard;
import dev.loomgate.python.signals.ProgramSignals;
import dev.loomgate.python.snapshot.WorkDone;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.supervision.ProcessSignals;
import dev.loomgate.python.supervision.RoleWorker;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A worker that answers requests: passes on what happens, between its process, its connections, its [WorkerTraffic]
/// and the [Pool]. Loop side only.
final class RequestWorker implements RoleWorker, FrameListener, UwsgiCalls.Caller, DirectWorker.Owner {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final Duration LIMIT_AHEAD = Duration.ofSeconds(1);

    private final RequestParts parts;
    private final Pool pool;
    private final WorkerProcess process;
    private final Scoreboard scoreboard;
    private final @Nullable DirectWorker direct;
    private final Connections connections;
    private final WorkerTraffic traffic;
    private final ResponseFrames responses;
    private final ProcessSignals signals;
    private final StackQuestions questions;
    /// Limits of requests whose BEGUN is still on its way, on another connection than the call.
    private final IntObjectHashMap<Duration> limitsAhead = new IntObjectHashMap<>();
    private int requestLimit;
    /// Whether its `post_fork_hook` waits for a signal: until that has ended, it is given no requests.
    private boolean waits;
    private boolean serves;
    /// Whether the program is an ASGI application. Its workers take connections of HTTP alone.
    private boolean tasks;

    /// @param socket on which the process listens
    /// @param requestLimit after how many requests it is to be replaced; 0 for never
    RequestWorker(RequestParts parts, WorkerProcess process, Path socket, int requestLimit) {
        this.parts = parts;
        this.pool = parts.pool();
        this.process = process;
        this.scoreboard = Scoreboard.of(socket);
        DirectMode mode = parts.direct();
        DirectWorker itself = mode == null
                ? null
                : new DirectWorker(mode, parts.home(), parts.options(), process, scoreboard, pool, this);
        this.direct = itself;
        this.connections =
                new Connections(parts.home().loop(), socket, this, itself == null ? null : itself.descriptors());
        this.questions = new StackQuestions(parts.home(), connections);
        this.traffic = new WorkerTraffic(
                parts.home(),
                parts.options(),
                parts.pace(),
                process,
                connections,
                () -> itself == null ? 0 : itself.inFlight(),
                this::unendedSignals,
                () -> itself == null || itself.isQuiet());
        this.responses = new ResponseFrames(parts, process, traffic);
        this.signals = new ProcessSignals(
                parts.home(),
                new ProcessSignals.Settings(
                        "worker",
                        Set.of(),
                        parts.options().requestTimeout(),
                        parts.options().nameOf("requestTimeout")),
                process,
                () -> !waits && traffic.hasRoomForSignal(),
                traffic::signal);
        this.requestLimit = requestLimit;
    }

    // ---- what becomes of its process

    @Override
    public void connect() {
        connections.connect();
    }

    @Override
    public void serve() {
        serves = true;
        if (!waits) {
            takeRequests();
        }
        signals.begin();
    }

    // The program is there.
    private void runs(boolean asTasks) {
        tasks = asTasks;
        if (asTasks) {
            parts.pace().tasks(parts.options().asgi().requests());
            traffic.tasks(parts.options().asgi().requests());
        } else {
            parts.pace().byMode();
        }
    }

    private void takeRequests() {
        if (direct != null) {
            direct.serve(requestLimit, tasks);
        }
        pool.add(traffic);
    }

    @Override
    public void withdraw() {
        takeNoMore();
    }

    @Override
    public void leave() {
        takeNoMore();
        traffic.stopIfDone();
    }

    @Override
    public void leaveSoon() {
        traffic.askAllToEnd();
    }

    @Override
    public void condemned() {
        takeNoMore();
        if (direct != null) {
            direct.giveUp(); // what its other threads run may still be answered
        }
        traffic.recall();
    }

    // ---- what is to be seen of it

    WorkerProcess process() {
        return process;
    }

    int number() {
        return process.number();
    }

    WorkerCounts counts() {
        return traffic.counts();
    }

    /// All that it has done.
    WorkDone done() {
        return traffic.counts().done(scoreboard);
    }

    /// What it runs, or has been sent, the oldest first.
    List<Call> calls() {
        return traffic.calls();
    }

    /// The same, in no order.
    Iterable<Call> unsortedCalls() {
        return traffic.unsortedCalls();
    }

    /// Ends a request that it runs; [WorkerTraffic#end].
    void end(Call call, String why) {
        traffic.end(call, why);
    }

    /// Ends a request that it has taken itself; [DirectWorker#cancel].
    boolean cancel(long sinceNanos, String why) {
        return direct != null && direct.cancel(sinceNanos, why);
    }

    /// Asks it where a request is; [StackQuestions#ask].
    void askStack(int id, long sinceNanos, CompletableFuture<Optional<String>> answer) {
        questions.ask(id, sinceNanos, answer);
    }

    /// What it has taken itself and runs, the oldest first.
    List<Scoreboard.Inside> inside() {
        return direct == null ? List.of() : scoreboard.inside();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    private int unendedSignals() {
        return signals.unended();
    }

    private void takeNoMore() {
        pool.remove(traffic);
        signals.leave();
        if (direct != null) {
            direct.leave();
        }
    }

    @Override
    public boolean proceeds() {
        return traffic.proceeds();
    }

    @Override
    public boolean isBusy() {
        return traffic.wholeLoad() > 0;
    }

    @Override
    public long begun() {
        return traffic.given() + scoreboard.read().begun();
    }

    @Override
    public String unfinished() {
        int handlers = signals.unended();
        return "%,d requests%s"
                .formatted(traffic.requests(), handlers == 0 ? "" : " and %,d handlers of signals".formatted(handlers));
    }

    @Override
    public boolean dump(boolean dying) {
        connections.sendDump(dying ? FrameType.DYING : 0, traffic.ages(System.nanoTime()));
        return true;
    }

    @Override
    public void died(String how) {
        pool.remove(traffic);
        connections.close();
        pool.again(traffic.died(how, scoreboard.lastRequest()));
        if (direct != null) {
            direct.died(how);
        }
        limitsAhead.clear();
        scoreboard.close();
        parts.snapshots().remove(this);
        parts.calls().ended(this);
        signals.died(this);
        questions.died();
    }

    // ---- what it sends

    @Override
    public void dataFrame(int type, int flags, int id, ByteBuf payload) {
        if (type == FrameType.SIGNALLED) {
            signals.heard(id, flags);
            return;
        }
        if (direct == null || !direct.frame(type, id, payload)) {
            responses.frame(type, flags, id, payload);
        }
    }

    @Override
    public void dataComplete() {
        traffic.readComplete();
        if (requestLimit > 0 && traffic.answered() >= requestLimit) {
            limitReached();
        }
        pool.roomIn();
        process.signals().look();
        traffic.stopIfDone();
    }

    // ---- what is between it and direct mode

    @Override
    public int load() {
        return traffic.load();
    }

    @Override
    public boolean isHeldUp(long nowNanos, long limitNanos) {
        return traffic.isHeldUp(nowNanos, limitNanos);
    }

    @Override
    public void begun(Call call, int id) {
        traffic.begun(call, id);
        Duration limit = limitsAhead.remove(id);
        if (limit != null) {
            limit(call, limit);
        }
    }

    @Override
    public void cancelled(Call call, String why) {
        LOG.log(Level.WARNING, "{0}: cancelled by an operator ({1})", call, why, call.logId());
        call.deliver(new Reply.Withdrawn());
        traffic.end(call, why);
    }

    @Override
    public void isOvertime() {
        traffic.counts().overtime();
    }

    @Override
    public void mayBeDone() {
        traffic.stopIfDone();
    }

    @Override
    public void accept(boolean take, int limit) {
        traffic.accept(take, limit);
    }

    @Override
    public void handOver(long ageNanos) {
        connections.sendHandOver(ageNanos);
    }

    @Override
    public void limitReached() {
        if (requestLimit > 0 && process.state() == ProcessState.SERVING) {
            int count = Math.max(requestLimit, traffic.answered());
            requestLimit = 0;
            String why =
                    "it has answered " + count + " requests (" + parts.options().nameOf("maxRequests") + ")";
            long young = parts.options().replacement().minLifetime().toNanos() - process.ageNanos();
            if (young <= 0) {
                process.replace(why);
            } else {
                parts.home().later(Duration.ofNanos(young), () -> replaceLater(why));
            }
        }
    }

    private void replaceLater(String why) {
        if (process.state() == ProcessState.SERVING) {
            process.replace(why);
        }
    }

    @Override
    public void controlFrame(int type, int flags, int id, ByteBuf payload) {
        if (type == FrameType.READY && (flags & ~FrameType.TASKS) == 0 && waits) {
            waits = false;
            runs(flags != 0);
            if (serves && process.state() == ProcessState.SERVING) {
                takeRequests();
            }
        } else if (type == FrameType.READY && flags != FrameType.WRONG) {
            waits = flags == FrameType.WAITS;
            if (!waits) {
                runs((flags & FrameType.TASKS) != 0);
            }
            process.ready();
        } else if (type == FrameType.READY) {
            process.cannotLoad(payload.toString(StandardCharsets.UTF_8));
        } else if (type == FrameType.RETURNED) {
            pool.again(traffic.returned(payload));
            traffic.stopIfDone();
        } else if (type == FrameType.TOLD) {
            questions.told(id, flags == FrameType.ENDED ? null : payload.toString(StandardCharsets.UTF_8));
        } else {
            throw new FrameException("a frame of type 0x%02x on control".formatted(type));
        }
    }

    @Override
    public void call(int id, ByteBuf payload) {
        parts.calls().call(this, id, payload, connections::reply);
    }

    @Override
    public void ended(String how) {
        process.connectionEnded(how);
    }

    @Override
    public void unreadable(Throwable cause) {
        process.condemn("what it sends can't be read: " + cause);
    }

    // ---- what its program asks for

    @Override
    public void reload() {
        process.reload();
    }

    @Override
    public ProgramSignals signals() {
        return process.signals();
    }

    @Override
    public void limitRequest(int id, Duration limit) {
        Call call = traffic.running(id);
        if (call != null) {
            limit(call, limit);
        } else if (direct != null && DirectWorker.isNumberedByIt(id)) {
            limitsAhead.put(id, limit);
            parts.home().later(LIMIT_AHEAD, () -> limitsAhead.remove(id));
        }
    }

    private void limit(Call call, Duration limit) {
        int number = call.newLimit();
        if (limit.isPositive()) {
            parts.home().later(limit, () -> {
                if (call.isUnder(number)) {
                    call.deliver(new Reply.Overtime());
                    traffic.cancel(call, true);
                }
            });
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
