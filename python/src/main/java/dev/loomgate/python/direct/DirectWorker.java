package dev.loomgate.python.direct;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.python.call.BegunCall;
import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.CallQueue;
import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.PacketHead;
import io.netty.buffer.ByteBuf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A worker that takes connections itself: it is told when, and what it hands over goes to the server. Loop side only,
/// except [#read].
public final class DirectWorker {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    /// What an operator has cancelled has so long to end, before its worker is replaced.
    public static final Duration CANCEL_GRACE = Duration.ofSeconds(1);

    /// It has heard by then that it is to take no more. If not, it finishes what it has taken all the same.
    private static final Duration LAST_TAKEN = Duration.ofMillis(20);

    private final DirectMode mode;
    private final HomeLoop home;
    private final PythonOptions options;
    private final WorkerProcess process;
    private final Scoreboard scoreboard;
    private final CallQueue queue;
    private final Owner owner;
    private final DirectFrames frames;
    private final HandOvers handOvers = new HandOvers();
    private final RequestAges ages;
    /// Why requests are cancelled that it has been asked to hand over, by when they began.
    private final Map<Long, String> cancelled = new HashMap<>();
    private boolean serves;
    private boolean takes;
    private boolean http;
    private int limit;
    private boolean mayStop = true;
    private long askedNanos;
    /// When its loop was asked first whether it turns, as far as it hasn't since.
    private long unansweredNanos;

    /// What the worker is besides: it runs calls, and is sent frames.
    public interface Owner {
        /// How many calls it has.
        int load();

        /// Whether it has had calls for longer than that, and has answered none.
        boolean isHeldUp(long nowNanos, long limitNanos);

        /// It runs this call, which it has numbered itself.
        void begun(Call call, int id);

        /// An operator has cancelled this call, which has just begun.
        void cancelled(Call call, String why);

        /// It has begun as many requests as it is to.
        void limitReached();

        /// What keeps it from stopping may have ended.
        void mayBeDone();

        /// A request that it has taken itself is over its time, and doesn't come back.
        void isOvertime();

        /// Sends ACCEPT.
        void accept(boolean take, int limit);

        /// Sends HAND_OVER.
        void handOver(long ageNanos);
    }

    /// @param queue where calls are cancelled
    public DirectWorker(
            DirectMode mode,
            HomeLoop home,
            PythonOptions options,
            WorkerProcess process,
            Scoreboard scoreboard,
            CallQueue queue,
            Owner owner) {
        this.mode = mode;
        this.home = home;
        this.options = options;
        this.process = process;
        this.scoreboard = scoreboard;
        this.queue = queue;
        this.owner = owner;
        this.frames = new DirectFrames(mode.sockets(), mode.tellsDetails());
        long now = System.nanoTime();
        this.ages = new RequestAges(options.mode() instanceof WorkerMode.Sync, now);
        this.askedNanos = now;
        this.unansweredNanos = now;
        mode.add(this);
    }

    // ---- what it is told

    /// It takes connections from now on, unless the server stops, or no socket is for it.
    ///
    /// @param requestLimit after how many requests it is to say so; 0 for never
    /// @param asgi whether it runs an ASGI application, whose connections are those of HTTP
    public void serve(int requestLimit, boolean asgi) {
        if (!asgi) {
            mode.callsByWsgi();
        }
        if (mode.isStopped() || !mode.hasSocketFor(asgi)) {
            return;
        }
        http = asgi;
        serves = true;
        mayStop = false;
        limit = requestLimit;
        takeOrNot();
    }

    /// It takes connections if it is to, and the server has room for what it hands over.
    void takeOrNot() {
        boolean now = serves && !mode.serverIsFull();
        if (now != takes) {
            takes = now;
            owner.accept(now, now ? limit : 0);
            mode.changed();
        }
    }

    /// It takes no further connections.
    public void leave() {
        if (!serves) {
            return;
        }
        serves = false;
        takeOrNot();
        home.later(LAST_TAKEN, () -> {
            mayStop = true;
            owner.mayBeDone();
        });
    }

    /// It takes no further connections, and hands over what it runs.
    public void giveUp() {
        leave();
        // Of HTTP it has idle connections, too.
        if (http || read().inFlight() > 0) {
            ask(0);
        }
    }

    private void ask(long ageNanos) {
        askedNanos = System.nanoTime();
        if (scoreboard.turnedNanos() >= unansweredNanos) {
            unansweredNanos = askedNanos;
        }
        owner.handOver(ageNanos);
    }

    // ---- what it runs itself

    /// What its scoreboard says. Any thread.
    Scoreboard.Reading read() {
        return scoreboard.read();
    }

    /// What it has answered by itself, where it is to count that. Any thread.
    List<DirectSeries> measured() {
        return scoreboard.measured();
    }

    /// How many connections of HTTP it has. Any thread.
    int connections() {
        return scoreboard.connections();
    }

    /// How many requests it runs that the JVM doesn't know.
    public int inFlight() {
        return read().inFlight();
    }

    /// Whether it will begin nothing by itself any more, and runs nothing that it has begun so.
    public boolean isQuiet() {
        return mayStop && inFlight() == 0;
    }

    boolean takes() {
        return takes;
    }

    boolean takesHttp() {
        return takes && http;
    }

    /// Looks at its scoreboard.
    WatchRules.Seen look(long nowNanos) {
        ages.look(read(), nowNanos);
        int direct = ages.inFlight();
        int load = owner.load();
        int most = http ? options.asgi().requests() : options.mode().concurrency();
        boolean full = direct + load >= most;
        boolean inDoubt = http && isInDoubt(nowNanos);
        boolean heldUp = http
                ? inDoubt && hasNotTurned(nowNanos)
                : direct + load > 0
                        && (direct == 0 || ages.stillNanos() > WatchRules.HELD_UP_NANOS)
                        && (load == 0 || owner.isHeldUp(nowNanos, WatchRules.HELD_UP_NANOS));
        return new WatchRules.Seen(
                direct, ages.atLeastNanos(), ages.atMostNanos(), full, heldUp, inDoubt, nowNanos - askedNanos);
    }

    // Its requests may just wait. Then its loop turns, which it tells when it is asked.
    private boolean isInDoubt(long nowNanos) {
        long turned = scoreboard.turnedNanos();
        return (ages.inFlight() > 0 && ages.stillNanos() > WatchRules.HELD_UP_NANOS)
                || (turned != 0 && (turned < unansweredNanos || nowNanos - turned > WatchRules.SILENT_NANOS));
    }

    private boolean hasNotTurned(long nowNanos) {
        return scoreboard.turnedNanos() < unansweredNanos && nowNanos - unansweredNanos > WatchRules.HELD_UP_NANOS;
    }

    /// Does what the rules say.
    ///
    /// @param ageNanos of what it is to hand over, or [WatchRules#NOTHING]
    /// @param stuck whether it doesn't hand over what it has been asked for
    void act(long ageNanos, boolean stuck) {
        ProcessState state = process.state();
        if (state != ProcessState.SERVING && state != ProcessState.LEAVING) {
            return;
        }
        if (stuck) {
            owner.isOvertime();
            List<Scoreboard.Inside> inside = scoreboard.inside();
            Scoreboard.Inside oldest = inside.isEmpty() ? null : inside.getFirst();
            process.condemn(
                    "it is stuck in %s, whose time is over (%s)"
                            .formatted(
                                    oldest == null ? "a request that it had taken itself" : named(oldest),
                                    options.nameOf("requestTimeout")),
                    oldest == null ? null : PacketHead.requestId(oldest.packet()));
        } else if (ageNanos != WatchRules.NOTHING) {
            ask(ageNanos);
        }
        if (state == ProcessState.LEAVING) {
            owner.mayBeDone();
        }
    }

    private static String named(Scoreboard.Inside request) {
        PacketHead head = request.head();
        return Quoting.printable(head.method() + " " + head.target());
    }

    /// Has a request end that it has taken itself: it hands it over, and then that is cancelled.
    ///
    /// @param sinceNanos when it began
    /// @param why an operator wants that, for the log
    /// @return false if there is none
    public boolean cancel(long sinceNanos, String why) {
        if (inside(sinceNanos).isEmpty()) {
            return false;
        }
        cancelled.put(sinceNanos, why);
        ask(Math.max(0, System.nanoTime() - sinceNanos));
        home.later(CANCEL_GRACE, () -> {
            if (cancelled.remove(sinceNanos) != null) {
                inside(sinceNanos)
                        .ifPresent(stuck -> process.condemn(
                                "it is stuck in %s, which an operator has cancelled (%s)".formatted(named(stuck), why),
                                PacketHead.requestId(stuck.packet())));
            }
        });
        return true;
    }

    private Optional<Scoreboard.Inside> inside(long sinceNanos) {
        return scoreboard.inside().stream()
                .filter(each -> each.sinceNanos() == sinceNanos)
                .findFirst();
    }

    // ---- what it sends

    /// What goes over the connection `descriptors`.
    public Connections.Shared descriptors() {
        return new Connections.Shared(mode.listening(), handOvers::descriptor);
    }

    /// A frame has come on `data`.
    ///
    /// @return false if it has nothing to do with direct mode
    public boolean frame(int type, int id, ByteBuf payload) {
        switch (type) {
            case FrameType.PUNTED -> {
                DirectFrames.Punted punted = frames.punted(payload);
                handOvers.frame(descriptor -> punted.socket().handOver(descriptor, punted.read(), null));
            }
            case FrameType.BEGUN -> begun(id, frames.begun(payload));
            case FrameType.ANSWERED ->
                frames.answered(payload, process.slot(), process.pid(), options.mode() instanceof WorkerMode.Sync);
            case FrameType.LIMIT -> owner.limitReached();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void begun(int id, DirectFrames.Begun begun) {
        if (!isNumberedByIt(id)) {
            throw new FrameException("a worker has numbered a request %d, which isn't its to give".formatted(id));
        }
        PacketHead head = begun.head();
        Call call = Call.begunByWorker(home.loop(), options.spool(), head.method(), head.target());
        call.named(PacketHead.requestId(begun.packet()));
        call.since(begun.nanos());
        owner.begun(call, id);
        BegunCall request = new BegunCall(home.loop(), queue, call, begun.nanos());
        handOvers.frame(descriptor -> begun.socket().handOver(descriptor, begun.request(), request));
        String why = cancelled.remove(begun.nanos());
        if (why != null) {
            owner.cancelled(call, why);
        }
    }

    /// Whether a request's number is one that a worker gives: those from 0x80000000 on.
    public static boolean isNumberedByIt(int id) {
        return id < 0;
    }

    // ---- its end

    /// Its process has ended.
    ///
    /// @param how as logs say it
    public void died(String how) {
        serves = false;
        takes = false;
        List<Scoreboard.Inside> inside = scoreboard.inside();
        long now = System.nanoTime();
        for (Scoreboard.Inside request : inside) {
            LOG.log(
                    Level.ERROR,
                    "{0} {1} while it was inside {2}",
                    process,
                    how,
                    named(request),
                    PacketHead.requestId(request.packet()));
            frames.lost(request, now);
        }
        int unnamed = inFlight() - inside.size();
        if (unnamed > 0) {
            LOG.log(
                    Level.ERROR,
                    "{0} {1} while it was inside {2} requests that it had taken itself, which it had no room to name",
                    process,
                    how,
                    unnamed);
        }
        int left = handOvers.close();
        if (left > 0) {
            LOG.log(Level.ERROR, "{0} {1} before it had handed over {2} connections", process, how, left);
        }
        mode.remove(this);
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
