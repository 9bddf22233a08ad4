package dev.loomgate.python.supervision;

import dev.loomgate.gateway.LogId;
import dev.loomgate.loop.Timer;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.signals.ProgramSignals;
import dev.loomgate.python.states.ProcessEvent;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.zygote.LoadFailure;
import dev.loomgate.python.zygote.ZygoteEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One worker process: where it is in its life, and how it ends. It alone writes both. Loop side only.
///
/// It is dead when two things are known, in whichever order: that its process has ended, which the zygote says, and
/// that everything it had sent has been read, which its connection's end says. Either of them is waited for a moment
/// only.
public final class WorkerProcess {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int SIGKILL = 9;
    /// Linux's SIGRTMAX - 1, which `stops.py` calls STACKS: SIGUSR2 is the program's.
    private static final int SIGSTACKS = 63;
    private static final Duration STACK_TIME = Duration.ofMillis(250);
    private static final int OTHERS_GRACE_STEPS = 20;
    private static final Duration LAST_WORDS = Duration.ofMillis(200);
    private static final Duration EXIT_TIME = Duration.ofSeconds(1);

    /// Where a process belongs: what is done about its beginning and its end is decided there.
    interface Owner {
        /// How long it may take to finish what it has.
        Duration mercy();

        /// What messages call that time.
        String mercyName();

        /// It serves from now on, as far as it is concerned.
        void ready(WorkerProcess process);

        void cannotLoad(WorkerProcess process, PythonStartException why);

        /// Another one is to take its place, because of `why`; then this one leaves.
        void replace(WorkerProcess process, String why);

        /// It is dead.
        ///
        /// @param expected whether it had been told to stop
        void buried(WorkerProcess process, String how, boolean expected);

        void signal(long pid, int signal);

        /// The program is to be reloaded: it has asked for that itself.
        void reload();

        /// The signals of the import that its processes belong to.
        ProgramSignals signals();
    }

    private final HomeLoop home;
    private final Owner owner;
    private final String name;
    private final int number;
    private final int slot;
    private final long pid;
    private final long startedNanos = System.nanoTime();
    private final RoleWorker worker;

    private ProcessState state = ProcessState.STARTING;
    private boolean hasServed;
    /// Whether nothing more will come from it.
    private boolean connectionEnded;
    /// How its process has ended, once the zygote has said so.
    private ZygoteEvent.@Nullable Exited exit;
    /// Kills it, should it not have ended by then.
    private @Nullable Timer mercy;
    private @Nullable Timer halfOfMercy;

    /// @param name in logs, with the number: `worker 2`
    /// @param number of the process in its role, from 1
    /// @param slot its number for the zygote
    /// @param attached makes what talks with it
    WorkerProcess(
            HomeLoop home,
            Owner owner,
            String name,
            int number,
            int slot,
            long pid,
            Function<WorkerProcess, RoleWorker> attached) {
        this.home = home;
        this.owner = owner;
        this.name = name;
        this.number = number;
        this.slot = slot;
        this.pid = pid;
        this.worker = attached.apply(this);
    }

    public long pid() {
        return pid;
    }

    public ProcessState state() {
        return state;
    }

    /// Its number in its role, from 1; the one that takes its place has the same.
    public int number() {
        return number;
    }

    public int slot() {
        return slot;
    }

    /// The signals of the import that it belongs to.
    public ProgramSignals signals() {
        return owner.signals();
    }

    /// How old it is.
    public long ageNanos() {
        return System.nanoTime() - startedNanos;
    }

    /// Whether it has ever been ready.
    boolean hasServed() {
        return hasServed;
    }

    /// Whether it serves and has work.
    boolean isBusy() {
        return state != ProcessState.DEAD && worker.isBusy();
    }

    /// How much work it has begun so far.
    long begun() {
        return state == ProcessState.DEAD ? 0 : worker.begun();
    }

    /// Whether it was a signal that ended its process.
    boolean wasKilled() {
        return exit != null && exit.killed();
    }

    /// What its process has ended with; 1 while nobody knows, or if nobody will.
    int status() {
        return exit == null ? 1 : exit.status();
    }

    // ---- what the process says: told by its role

    /// It has loaded the program.
    ///
    /// @throws IllegalStateException if it has said so before
    public void ready() {
        ProcessState before = state;
        state = state.after(ProcessEvent.READY);
        if (before == ProcessState.STARTING) {
            hasServed = true;
            owner.ready(this);
        }
    }

    /// It can't load the program, and ends.
    ///
    /// @param json what it says about that
    public void cannotLoad(String json) {
        owner.cannotLoad(this, LoadFailure.read(json));
    }

    /// It asks for a reload of the program.
    public void reload() {
        owner.reload();
    }

    /// Nothing more will come from it: if its process has not ended as well, it has to.
    public void connectionEnded(String how) {
        if (connectionEnded) {
            return;
        }
        connectionEnded = true;
        if (exit != null) {
            bury(exit.how());
        } else if (state != ProcessState.STOPPED) {
            worker.withdraw();
            home.later(EXIT_TIME, () -> {
                if (exit == null && state != ProcessState.DEAD) {
                    LOG.log(Level.ERROR, "{0} is killed: {1}", this, how);
                    signal(SIGKILL);
                }
            });
        }
    }

    // ---- what its role decides

    /// Another one is forked; when that serves, this one leaves.
    public void replace(String why) {
        owner.replace(this, why);
    }

    /// It has finished what it had, and is about to be told to stop.
    public void drained() {
        state = state.after(ProcessEvent.DRAINED);
    }

    /// It can't be trusted any more: its stack goes to the log, and then it is killed.
    public void condemn(String why) {
        condemn(why, null);
    }

    /// The same.
    ///
    /// @param request names the one that it is stuck in; null if there is none, or logs don't name requests
    public void condemn(String why, @Nullable LogId request) {
        if (isCondemned()) {
            return;
        }
        state = state.after(ProcessEvent.CONDEMN);
        LOG.log(Level.ERROR, "{0} is replaced: {1}; its stack follows", this, why, request);
        worker.condemned();
        killWithStack();
    }

    /// It is killed at once, whatever it does.
    public void kill(String why) {
        if (!isCondemned()) {
            state = state.after(ProcessEvent.CONDEMN);
            LOG.log(Level.ERROR, "{0} is killed: {1}", this, why);
            worker.withdraw();
            signal(SIGKILL);
        }
    }

    private boolean isCondemned() {
        return state == ProcessState.CONDEMNED || state == ProcessState.DEAD;
    }

    // ---- what its owner decides

    /// Has it write to its log what runs in it: as its role says, or else the stacks of its threads.
    void dump() {
        if (state != ProcessState.DEAD && !worker.dump(false)) {
            signal(SIGSTACKS);
        }
    }

    void connect() {
        worker.connect();
    }

    void serve() {
        worker.serve();
    }

    /// It finishes what it has, and stops; it is killed if that takes too long.
    void leave() {
        ProcessState before = state;
        state = state.after(ProcessEvent.LEAVE);
        if (state != before) {
            worker.leave();
        }
        halfOfMercy = home.later(owner.mercy().dividedBy(2), () -> {
            if (state != ProcessState.DEAD) {
                worker.leaveSoon();
            }
        });
        mercy = home.later(owner.mercy(), () -> {
            if (state != ProcessState.DEAD) {
                LOG.log(
                        Level.WARNING,
                        "{0} is killed: it still runs {1} ({2})",
                        this,
                        worker.unfinished(),
                        owner.mercyName());
                killWithStack();
            }
        });
    }

    /// It isn't needed any more, and hasn't served.
    void abandon() {
        state = state.after(ProcessEvent.CONDEMN);
        signal(SIGKILL);
    }

    /// Its process has ended, says the zygote.
    void exited(ZygoteEvent.Exited event) {
        exit = event;
        worker.withdraw();
        if (connectionEnded) {
            bury(event.how());
        } else {
            // What it has sent is still to be read; but a process that it has started may keep its connection open.
            home.later(LAST_WORDS, () -> bury(event.how()));
        }
    }

    private void bury(String how) {
        if (state != ProcessState.DEAD) {
            boolean expected = state == ProcessState.STOPPED;
            died(how);
            owner.buried(this, how, expected);
        }
    }

    /// It is dead. What it had is lost, or goes to others.
    void died(String how) {
        if (state == ProcessState.DEAD) {
            return;
        }
        state = state.after(ProcessEvent.DIED);
        if (mercy != null) {
            mercy.cancel();
        }
        if (halfOfMercy != null) {
            halfOfMercy.cancel();
        }
        worker.died(how);
    }

    // ---- killing

    /// Makes it write its stack to its log, and kills it a moment later; if its other work proceeds, when that has
    /// ended or some seconds have passed.
    private void killWithStack() {
        signal(SIGSTACKS);
        worker.dump(true);
        killSoon(OTHERS_GRACE_STEPS);
    }

    private void killSoon(int steps) {
        home.later(STACK_TIME, () -> {
            if (state != ProcessState.DEAD && exit == null) {
                if (steps > 1 && worker.proceeds()) {
                    killSoon(steps - 1);
                } else {
                    signal(SIGKILL);
                }
            }
        });
    }

    private void signal(int signal) {
        owner.signal(pid, signal);
    }

    /// `worker 2 (pid 4711)`.
    @Override
    public String toString() {
        return name + " (pid " + pid + ")";
    }
}
