package dev.loomgate.python.supervision;

import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.signals.ProgramSignals;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.zygote.Job;
import dev.loomgate.python.zygote.ZygoteEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The processes of one role that one zygote forks: at most as many as the role has, each in a slot of its own, where
/// another one follows it when it dies or is replaced. Loop side only.
final class ProcessGroup implements WorkerProcess.Owner {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int MAX_DEATHS_AT_START = 3;
    private static final int NO_SLOT = -1;

    /// The import of the program that the group belongs to.
    interface Parent {
        /// @param job what the process is to do; null if it answers requests
        void fork(int slot, @Nullable Job job);

        void signal(long pid, int signal);

        /// Whether all processes have been ready once, or have failed to be.
        boolean hasStarted();

        /// One more is ready, before all have been.
        void oneIsReady();

        /// The program can't be served with.
        ///
        /// @param crashed whether that is because a process was killed
        /// @return false if it serves, or has failed, already
        boolean fail(PythonStartException why, boolean crashed);

        /// The last process of a group that leaves is dead.
        void empty();

        void reload();

        ProgramSignals signals();
    }

    private final FleetParts parts;
    private final Role role;
    private final int firstSlot;
    private final Parent parent;
    private final Map<Long, WorkerProcess> processes = new HashMap<>();
    private final Map<Integer, WorkerProcess> toBeReplaced = new HashMap<>();
    /// Slots that aren't used now: fewer processes are wanted.
    private final Set<Integer> unused = new TreeSet<>();
    /// Slots for which a process is being forked, or will be.
    private final Set<Integer> pending = new HashSet<>();
    /// Processes that are to be replaced, each when the one before has been.
    private final Deque<WorkerProcess> chain = new ArrayDeque<>();

    private int chainSlot = NO_SLOT;
    private String chainReason = "";
    private int beginning = Integer.MAX_VALUE;
    private int deathsAtStart;
    private boolean leaving;

    /// @param firstSlot the slot of its first process; the others have the next ones
    ProcessGroup(FleetParts parts, Role role, int firstSlot, Parent parent) {
        this.parts = parts;
        this.role = role;
        this.firstSlot = firstSlot;
        this.parent = parent;
    }

    /// Whether the slot is one of the group's. Any thread.
    boolean has(int slot) {
        return slot >= firstSlot && slot < firstSlot + role.processes();
    }

    /// What the process in a slot is called in logs: `worker 2`. Any thread.
    String name(int slot) {
        return role.name() + " " + number(slot);
    }

    private int number(int slot) {
        return slot - firstSlot + 1;
    }

    List<WorkerProcess> processes() {
        return new ArrayList<>(processes.values());
    }

    boolean isEmpty() {
        return processes.isEmpty();
    }

    boolean isOf(Role other) {
        return role == other;
    }

    Role role() {
        return role;
    }

    /// Whether those that it begins with serve.
    boolean isReady() {
        return processes.values().stream()
                        .filter(each -> each.state() == ProcessState.SERVING)
                        .count()
                >= beginning;
    }

    // ---- its beginning

    void forkAll() {
        beginning = parts.begin().applyAsInt(role);
        for (int i = 0; i < role.processes(); i++) {
            if (i < beginning) {
                fork(firstSlot + i);
            } else {
                unused.add(firstSlot + i);
            }
        }
    }

    private void fork(int slot) {
        if (!leaving && !unused.contains(slot)) {
            pending.add(slot);
            parent.fork(slot, role.job(number(slot)).orElse(null));
        } else {
            pending.remove(slot);
        }
    }

    void forked(int slot, long pid, Path socket) {
        WorkerProcess process = new WorkerProcess(
                parts.home(), this, name(slot), number(slot), slot, pid, attached -> role.attach(attached, socket));
        processes.put(pid, process);
        pending.remove(slot);
        if (leaving || unused.contains(slot)) {
            process.abandon(); // it was asked for before
        } else {
            process.connect();
        }
    }

    /// The role gets the processes that are ready: they have the current version of the program.
    void serve() {
        role.available();
        for (WorkerProcess process : processes.values()) {
            if (process.state() == ProcessState.SERVING) {
                process.serve();
            }
        }
    }

    @Override
    public void ready(WorkerProcess process) {
        if (leaving || process.state() != ProcessState.SERVING) {
            return;
        }
        if (!parent.hasStarted()) {
            parent.oneIsReady();
            return;
        }
        process.serve();
        WorkerProcess before = toBeReplaced.remove(process.slot());
        if (before != null) {
            before.leave();
        }
        if (process.slot() == chainSlot) {
            chainSlot = NO_SLOT;
            nextOfChain();
        }
    }

    @Override
    public void cannotLoad(WorkerProcess process, PythonStartException why) {
        if (!parent.fail(why, false)) {
            LOG.log(Level.ERROR, "{0} can''t load the program: {1}", process, why.getMessage());
        }
    }

    // ---- what happens to them

    /// Does nothing if another one is about to take its place already.
    @Override
    public void replace(WorkerProcess process, String why) {
        if (!leaving && !unused.contains(process.slot()) && toBeReplaced.putIfAbsent(process.slot(), process) == null) {
            fork(process.slot());
            LOG.log(Level.INFO, "{0} is replaced: {1}", process, why);
        }
    }

    /// All that serve are replaced.
    ///
    /// @param oneByOne whether each only when the one before has been
    void replaceAll(String why, boolean oneByOne) {
        List<WorkerProcess> all = processes.values().stream()
                .filter(each -> each.state() == ProcessState.SERVING)
                .sorted(Comparator.comparingInt(WorkerProcess::slot))
                .toList();
        if (!oneByOne) {
            all.forEach(process -> replace(process, why));
            return;
        }
        chainReason = why;
        chain.clear();
        chain.addAll(all);
        if (chainSlot == NO_SLOT) {
            nextOfChain();
        }
    }

    private void nextOfChain() {
        while (chainSlot == NO_SLOT && !chain.isEmpty()) {
            WorkerProcess process = chain.removeFirst();
            if (process.state() == ProcessState.SERVING && !unused.contains(process.slot())) {
                chainSlot = process.slot();
                replace(process, chainReason);
            }
        }
    }

    // ---- how many there are

    /// How many there are, or are about to be.
    int active() {
        return beginning == Integer.MAX_VALUE ? 0 : role.processes() - unused.size();
    }

    List<Integer> activeSlots() {
        return IntStream.range(firstSlot, firstSlot + role.processes())
                .boxed()
                .filter(slot -> !unused.contains(slot))
                .toList();
    }

    /// The process in a slot that serves, or else the one that is to; null while there is none.
    @Nullable
    WorkerProcess inSlot(int slot) {
        return processes.values().stream()
                .filter(each -> each.slot() == slot && !each.state().isGoing())
                .max(Comparator.comparing(each -> each.state() == ProcessState.SERVING))
                .orElse(null);
    }

    /// Starts so many more, or as many as there may be.
    ///
    /// @return how many
    int grow(int wanted) {
        List<Integer> slots = unused.stream()
                .filter(slot -> !pending.contains(slot))
                .sorted(Comparator.comparing(this::isOccupied)) // by one that leaves
                .limit(leaving ? 0 : wanted)
                .toList();
        unused.removeAll(slots);
        slots.forEach(this::fork);
        return slots.size();
    }

    private boolean isOccupied(int slot) {
        return processes.values().stream().anyMatch(each -> each.slot() == slot);
    }

    /// Ends the oldest one that has nothing to do, if there is one.
    void endIdle() {
        Optional<WorkerProcess> oldest = processes.values().stream()
                .filter(each -> each.state() == ProcessState.SERVING
                        && !each.isBusy()
                        && !unused.contains(each.slot())
                        && !toBeReplaced.containsKey(each.slot()))
                .max(Comparator.comparingLong(WorkerProcess::ageNanos));
        oldest.ifPresent(process -> {
            unused.add(process.slot());
            LOG.log(Level.INFO, "{0} ends: fewer are needed", process);
            process.leave();
        });
    }

    /// All of them write to their log what runs in them.
    void dump() {
        processes.values().forEach(WorkerProcess::dump);
    }

    /// Ends all, after what they have begun; there are none until some are to be started.
    void endAll() {
        unused.addAll(activeSlots());
        toBeReplaced.clear();
        chain.clear();
        chainSlot = NO_SLOT;
        processes().forEach(this::end);
    }

    private void end(WorkerProcess process) {
        if (process.state() == ProcessState.STARTING) {
            process.abandon();
        } else {
            process.leave();
        }
    }

    void exited(ZygoteEvent.Exited event) {
        WorkerProcess process = processes.get(event.pid());
        if (process != null) {
            process.exited(event);
        }
    }

    @Override
    public void buried(WorkerProcess process, String how, boolean expected) {
        processes.remove(process.pid());
        if (leaving) {
            if (processes.isEmpty()) {
                parent.empty();
            }
            return;
        }
        if (toBeReplaced.remove(process.slot(), process) || unused.contains(process.slot())) {
            return;
        }
        boolean another = pending.contains(process.slot()) || inSlot(process.slot()) != null;
        // One that was to replace another and couldn't start is forked again; one that was replaced is not.
        boolean wasToReplace = !process.hasServed() && toBeReplaced.containsKey(process.slot());
        if (another && !wasToReplace) {
            return;
        }
        if (process.hasServed() && !role.ended(process.status())) {
            unused.add(process.slot());
            return;
        }
        if (!parent.hasStarted() && ++deathsAtStart >= MAX_DEATHS_AT_START) {
            parent.fail(
                    new PythonStartException("%s %s before it was ready, as %d before it did"
                            .formatted(process, how, deathsAtStart - 1)),
                    process.wasKilled());
            return;
        }
        Duration wait = parts.backoffs().died(process);
        if (!expected) {
            LOG.log(
                    Level.ERROR,
                    "{0} {1}; another one takes its place{2}",
                    process,
                    how,
                    wait.isZero() ? "" : " in " + wait.toMillis() + " ms");
        }
        if (wait.isZero()) {
            fork(process.slot());
        } else {
            pending.add(process.slot());
            parts.home().later(wait, () -> fork(process.slot()));
        }
    }

    /// The zygote has ended, so nobody else can end them.
    void orphaned() {
        leaving = true;
        for (WorkerProcess process : processes()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            process.died("has lost its parent process");
        }
        processes.clear();
    }

    // ---- its end

    /// They finish what they have, and stop.
    void leave() {
        leaving = true;
        processes().forEach(this::end);
    }

    /// They are about to be killed: nothing that happens to them is of interest any more.
    void forget() {
        leaving = true;
    }

    // ---- what a process asks for

    @Override
    public Duration mercy() {
        return role.mercy().map(Mercy::time).orElseGet(parts.options()::reloadMercy);
    }

    @Override
    public String mercyName() {
        return role.mercy().map(Mercy::setting).orElseGet(() -> parts.options().nameOf("reloadMercy"));
    }

    @Override
    public void signal(long pid, int signal) {
        parent.signal(pid, signal);
    }

    @Override
    public void reload() {
        parent.reload();
    }

    @Override
    public ProgramSignals signals() {
        return parent.signals();
    }
}
