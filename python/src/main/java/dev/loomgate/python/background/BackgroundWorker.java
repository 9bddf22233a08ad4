package dev.loomgate.python.background;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.connection.FrameListener;
import dev.loomgate.python.signals.ProgramSignals;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.ProcessSignals;
import dev.loomgate.python.supervision.RoleWorker;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.Frames;
import dev.loomgate.python.wire.MarshalWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A process that answers no requests: what it is told, and what it says of its tasks. Loop side only.
final class BackgroundWorker implements RoleWorker, FrameListener, UwsgiCalls.Caller {
    private final HomeLoop home;
    private final UwsgiCalls calls;
    private final BackgroundSettings settings;
    private final WorkerProcess process;
    private final Connections connections;
    private final ProcessSignals signals;
    private final Turns turns;
    private final TaskCounts counts;
    private final TaskListener listener;
    private final Consumer<BackgroundWorker> ended;
    /// What it is at; empty if that is nothing.
    private String task = "";
    private long begun;
    /// Kills it, should its task take too long.
    private @Nullable Timer limit;
    /// The same, by a limit that its program has set.
    private @Nullable Timer ownLimit;

    /// @param socket on which the process listens
    /// @param counts of its number
    /// @param listener of its role
    /// @param ended told when the process has ended
    BackgroundWorker(
            HomeLoop home,
            UwsgiCalls calls,
            BackgroundSettings settings,
            WorkerProcess process,
            Path socket,
            Turns turns,
            TaskCounts counts,
            TaskListener listener,
            Consumer<BackgroundWorker> ended) {
        this.home = home;
        this.calls = calls;
        this.settings = settings;
        this.process = process;
        this.turns = turns;
        this.counts = counts;
        this.listener = listener;
        this.ended = ended;
        this.connections = new Connections(home.loop(), socket, this);
        this.signals = new ProcessSignals(
                home,
                new ProcessSignals.Settings(
                        settings.name(),
                        settings.groups().apply(process.number()),
                        settings.taskLimit(),
                        settings.taskLimitName()),
                process,
                () -> settings.isFreeBetweenTasks() && isIdle(),
                this::signal);
    }

    int number() {
        return process.number();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    /// It is its turn.
    void begin() {
        boolean isTold = tell(new MarshalWriter(16).beginTuple(1).text("begin"));
        signals.begin();
        if (isTold) {
            listener.begins(number());
        }
    }

    private boolean hasTurn() {
        return turns.at(number()) == this;
    }

    private void leaves(boolean isAsked) {
        signals.leave();
        if (hasTurn()) {
            listener.leaves(number(), isAsked);
        }
    }

    /// Whether it is at a task.
    boolean isAtTask() {
        return !task.isEmpty();
    }

    private boolean isIdle() {
        return task.isEmpty() && signals.unended() == 0;
    }

    private void signal(int number) {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES);
        Frames.empty(frame, FrameType.SIGNAL, 0, number);
        connections.send(frame);
    }

    /// Sends it a message, which is a tuple.
    ///
    /// @return false if it has been told to go
    boolean tell(MarshalWriter message) {
        if (process.state().isGoing() || process.state() == ProcessState.DEAD) {
            return false;
        }
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES + message.length());
        Frames.bytes(frame, FrameType.TELL, 0, 0, message.toByteArray());
        connections.send(frame);
        return true;
    }

    // ---- what becomes of its process

    @Override
    public void connect() {
        connections.connect();
    }

    @Override
    public void serve() {
        turns.enter(this);
    }

    @Override
    public void withdraw() {
        leaves(false);
    }

    @Override
    public void leave() {
        leaves(true);
        process.drained();
        ByteBuf stop = Unpooled.buffer(FrameType.HEADER_BYTES);
        Frames.empty(stop, FrameType.STOP, 0, 0);
        connections.send(stop);
    }

    @Override
    public void condemned() {
        leaves(false);
    }

    @Override
    public boolean proceeds() {
        return false;
    }

    @Override
    public boolean isBusy() {
        return !isIdle();
    }

    @Override
    public long begun() {
        return begun;
    }

    @Override
    public String unfinished() {
        return task.isEmpty() ? "code of the program" : task;
    }

    @Override
    public boolean dump(boolean dying) {
        return false;
    }

    @Override
    public void died(String how) {
        if (isAtTask()) {
            counts.cutOff();
        }
        cancelLimits();
        connections.close();
        calls.ended(this);
        signals.died(this);
        ended.accept(this);
        if (hasTurn()) {
            listener.ended(number(), how);
        }
        turns.ended(this);
    }

    // ---- what it sends

    @Override
    public void dataFrame(int type, int flags, int id, ByteBuf payload) {
        switch (type) {
            case FrameType.BUSY -> begins(payload.toString(StandardCharsets.UTF_8));
            case FrameType.IDLE -> {
                task = "";
                cancelLimits();
                counts.ended(flags);
                listener.taskEnds(number(), flags, payload.toString(StandardCharsets.UTF_8));
            }
            case FrameType.SIGNALLED -> signals.heard(id, flags);
            case FrameType.LIMIT -> {
                listener.hasEnough(number());
                if (process.state() == ProcessState.SERVING) {
                    process.replace(settings.enough());
                }
            }
            default -> throw new FrameException("a frame of type 0x%02x on data".formatted(type));
        }
    }

    private void begins(String what) {
        cancelLimits();
        task = what;
        begun++;
        listener.taskBegins(number());
        if (settings.taskLimit().isPositive()) {
            limit = home.later(
                    settings.taskLimit(), () -> isOver(settings.taskLimit(), "(" + settings.taskLimitName() + ")"));
        }
    }

    private void isOver(Duration time, String setting) {
        process.condemn("%s takes longer than %d ms %s"
                .formatted(task.isEmpty() ? "its program" : task, time.toMillis(), setting));
    }

    private void cancelLimits() {
        if (limit != null) {
            limit.cancel();
            limit = null;
        }
        if (ownLimit != null) {
            ownLimit.cancel();
            ownLimit = null;
        }
    }

    @Override
    public void dataComplete() {
        process.signals().look();
    }

    @Override
    public void controlFrame(int type, int flags, int id, ByteBuf payload) {
        if (type == FrameType.READY && flags == 0) {
            process.ready();
        } else if (type == FrameType.READY) {
            process.cannotLoad(payload.toString(StandardCharsets.UTF_8));
        } else {
            throw new FrameException("a frame of type 0x%02x on control".formatted(type));
        }
    }

    @Override
    public void call(int id, ByteBuf payload) {
        calls.call(this, id, payload, connections::reply);
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

    /// It has one task at a time, and no request: the limit is that task's.
    @Override
    public void limitRequest(int id, Duration time) {
        if (ownLimit != null) {
            ownLimit.cancel();
            ownLimit = null;
        }
        if (time.isPositive()) {
            ownLimit = home.later(time, () -> isOver(time, "(uwsgi.set_user_harakiri)"));
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
