package dev.loomgate.python.supervision;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.signals.SignalReceiver;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The signals that a process has been sent: those that wait there, behind requests perhaps, and those whose handlers
/// run. Loop side only.
public final class ProcessSignals implements SignalReceiver {
    /// What a role says of its processes.
    ///
    /// @param kind what targets call them: `worker`
    /// @param groups targets that mean any process of a group, such as `farm_mails`
    /// @param limit how long a handler may run before its process is replaced; zero for no limit
    /// @param limitName what messages call that
    public record Settings(String kind, Set<String> groups, Duration limit, String limitName) {
        public Settings {
            groups = Set.copyOf(groups);
        }
    }

    private record Running(int number, @Nullable Timer limit) {}

    private final HomeLoop home;
    private final Settings settings;
    private final WorkerProcess process;
    private final BooleanSupplier hasRoom;
    private final IntConsumer out;
    private final Deque<Integer> notBegun = new ArrayDeque<>();
    private final List<Running> running = new ArrayList<>();
    /// Code of the program's that waits for a signal, in which a handler runs at once.
    private int waiters;

    /// @param hasRoom whether a handler would run at once, besides what else the process does and the handlers that run
    /// @param out sends the process a signal
    public ProcessSignals(
            HomeLoop home, Settings settings, WorkerProcess process, BooleanSupplier hasRoom, IntConsumer out) {
        this.home = home;
        this.settings = settings;
        this.process = process;
        this.hasRoom = hasRoom;
        this.out = out;
    }

    @Override
    public String kind() {
        return settings.kind();
    }

    @Override
    public int number() {
        return process.number();
    }

    @Override
    public Set<String> groups() {
        return settings.groups();
    }

    @Override
    public boolean isFree() {
        return process.state() == ProcessState.SERVING && notBegun.isEmpty() && (waiters > 0 || hasRoom.getAsBoolean());
    }

    @Override
    public int unended() {
        return notBegun.size() + running.size();
    }

    @Override
    public void send(int number) {
        notBegun.addLast(number);
        out.accept(number);
    }

    // ---- its process's life

    /// It takes signals from now on.
    public void begin() {
        process.signals().add(this);
    }

    /// It takes no more.
    public void leave() {
        process.signals().remove(this);
    }

    /// It has ended. Of what it had not begun, others run what any process may run.
    ///
    /// @param caller as which it has registered signals
    public void died(Object caller) {
        leave();
        running.forEach(ProcessSignals::cancel);
        running.clear();
        List<Integer> left = List.copyOf(notBegun);
        notBegun.clear();
        process.signals().ended(caller);
        process.signals().again(left);
    }

    /// A SIGNALLED has come: it has begun a handler or ended one, or some code waits for a signal or no longer.
    ///
    /// @throws FrameException if it has not been sent this signal, or hasn't begun it
    public void heard(int number, int what) {
        switch (what) {
            case FrameType.HANDLER_BEGINS -> begun(number);
            case FrameType.AWAITS -> waiters++;
            case FrameType.AWAITS_NO_MORE -> waiters--;
            default -> ended(number);
        }
    }

    private void begun(int number) {
        if (!notBegun.removeFirstOccurrence(number)) {
            throw new FrameException("a process has begun signal %d, which it was not sent".formatted(number));
        }
        running.add(new Running(number, limit(number)));
    }

    private void ended(int number) {
        for (Iterator<Running> each = running.iterator(); each.hasNext(); ) {
            Running one = each.next();
            if (one.number() == number) {
                each.remove();
                cancel(one);
                return;
            }
        }
        throw new FrameException("a process has ended signal %d, which it hasn't begun".formatted(number));
    }

    private @Nullable Timer limit(int number) {
        if (!settings.limit().isPositive()) {
            return null;
        }
        return home.later(
                settings.limit(),
                () -> process.condemn("it is stuck in the handler of signal %d, whose time is over (%s)"
                        .formatted(number, settings.limitName())));
    }

    private static void cancel(Running one) {
        Timer limit = one.limit();
        if (limit != null) {
            limit.cancel();
        }
    }
}
