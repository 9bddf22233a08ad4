package dev.loomgate.python.supervision;

import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.signals.ProgramSignals;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameReader;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.zygote.Job;
import dev.loomgate.python.zygote.OutputLine;
import dev.loomgate.python.zygote.SocketDirectory;
import dev.loomgate.python.zygote.Zygote;
import dev.loomgate.python.zygote.ZygoteEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One import of the program: its zygote, and the processes that this has forked, a [ProcessGroup] for each role. Loop
/// side only, except [Zygote.Listener]'s methods.
final class Generation implements Zygote.Listener, ProcessGroup.Parent {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int KEPT_ERROR_LINES = 40;
    /// What the JDK adds to a signal's number for the status of a process that it has killed.
    private static final int KILLED = 128;

    /// Who decides about generations.
    interface Owner {
        /// Its zygote has ended, and wasn't told to.
        void zygoteDied(Generation generation, int status);

        /// A signal has come to its zygote that means something to the server.
        void signalled(int number);

        /// The program has asked for a reload of itself.
        void reloadRequested();
    }

    private final FleetParts parts;
    private final int number;
    private final Owner owner;
    private final List<ProcessGroup> groups = new ArrayList<>();
    private @Nullable Zygote zygote;
    private final Deque<String> errorLines = new ArrayDeque<>(); // guarded by itself
    private final ProgramSignals signals;
    private final FrameReader importCalls = new FrameReader(this::importCall);
    private boolean crashed;
    private boolean leaving;
    /// Where the zygote keeps its sockets; empty until it says so.
    private String directory = "";

    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /// @param number 1 for the first one
    Generation(FleetParts parts, int number, Owner owner) {
        this.parts = parts;
        this.number = number;
        this.owner = owner;
        this.signals = new ProgramSignals(parts.signalSettings(), parts.home()::execute);
        int slot = 1;
        for (Role role : parts.roles()) {
            groups.add(new ProcessGroup(parts, role, slot, this));
            slot += role.processes();
        }
    }

    int number() {
        return number;
    }

    /// Completes when all of its processes are ready; exceptionally if that can't be.
    CompletableFuture<Void> started() {
        return started;
    }

    /// Completes when its zygote has ended, and so all of it.
    CompletableFuture<Void> ended() {
        return ended;
    }

    void hasStarted(Zygote itsZygote) {
        zygote = itsZygote;
        // Not before: what it says may need an answer.
        itsZygote.listen(this);
        if (leaving) {
            itsZygote.close();
        }
    }

    /// Its zygote couldn't be started.
    void cannotStart(Exception why) {
        ended.complete(null);
        started.completeExceptionally(why);
    }

    /// Whether it hasn't started because a process of it was killed, perhaps because memory ran out: the next try
    /// may do better, which it wouldn't where the program is at fault.
    boolean hasCrashed() {
        return crashed;
    }

    List<WorkerProcess> processes() {
        return processes(role -> true);
    }

    List<WorkerProcess> processes(Predicate<Role> which) {
        return groups.stream()
                .filter(group -> which.test(group.role()))
                .flatMap(group -> group.processes().stream())
                .toList();
    }

    /// Those of a role.
    ProcessGroup group(Role role) {
        return groups.stream().filter(group -> group.isOf(role)).findFirst().orElseThrow();
    }

    /// The processes of some roles are replaced, without another import of the program.
    ///
    /// @param oneByOne whether each only when the one before serves
    void replaceAll(Predicate<Role> which, String why, boolean oneByOne) {
        groups.stream().filter(group -> which.test(group.role())).forEach(group -> group.replaceAll(why, oneByOne));
    }

    /// Its processes write to their log what runs in them.
    void dump() {
        groups.forEach(ProcessGroup::dump);
    }

    /// Its processes have work from now on.
    void serve() {
        groups.forEach(ProcessGroup::serve);
        signals.start();
    }

    // ---- what the zygote says: its threads

    @Override
    public void event(ZygoteEvent event) {
        parts.home().execute(() -> heard(event));
    }

    @Override
    public Consumer<OutputLine> output(int slot) {
        String who = "[" + group(slot).map(group -> group.name(slot)).orElse("process " + slot) + "] ";
        return line -> {
            if (line.request() == null) {
                LOG.log(Level.INFO, () -> who + line.text());
            } else {
                LOG.log(Level.INFO, "{0}{1}", who, line.text(), line.request());
            }
        };
    }

    @Override
    public void errorLine(String line) {
        LOG.log(Level.INFO, () -> "[python] " + line);
        synchronized (errorLines) {
            errorLines.addLast(line);
            if (errorLines.size() > KEPT_ERROR_LINES) {
                errorLines.removeFirst();
            }
        }
    }

    @Override
    public void ended(int status) {
        parts.home().execute(() -> zygoteEnded(status));
    }

    private Optional<ProcessGroup> group(int slot) {
        return groups.stream().filter(group -> group.has(slot)).findFirst();
    }

    // ---- loop side

    private void heard(ZygoteEvent event) {
        switch (event) {
            case ZygoteEvent.Called(String frame) ->
                importCalls.read(Unpooled.wrappedBuffer(Base64.getDecoder().decode(frame)));
            case ZygoteEvent.Ready(String path) -> {
                importEnded();
                directory = path;
                groups.forEach(ProcessGroup::forkAll);
                oneIsReady(); // there may be none to wait for
            }
            case ZygoteEvent.Failed(PythonStartException why) -> started.completeExceptionally(why);
            case ZygoteEvent.Forked(int slot, long pid, String path) ->
                group(slot).ifPresent(group -> group.forked(slot, pid, Path.of(path)));
            case ZygoteEvent.Exited exited -> group(exited.slot()).ifPresent(group -> group.exited(exited));
            case ZygoteEvent.Signalled(int signal) -> owner.signalled(signal);
            case ZygoteEvent.Unknown(String text) ->
                LOG.log(Level.ERROR, "the zygote sent an unknown event: {0}", text);
        }
    }

    // A call of the uwsgi module's while there is no worker yet: answered on the way that it came.
    private void importCall(int type, int flags, int id, ByteBuf payload) {
        if (type != FrameType.CALL) {
            throw new FrameException("a frame of type 0x%02x during the import".formatted(type));
        }
        parts.calls().callOfImport(this, signals, id, payload, (answered, value, wrong) -> {
            if (zygote != null) {
                zygote.reply(answered, value, wrong);
            }
        });
    }

    // What the import has locked is free again.
    private void importEnded() {
        parts.calls().ended(this);
        signals.ended(this);
    }

    private void zygoteEnded(int status) {
        importEnded();
        signals.end();
        importCalls.close();
        if (!started.isDone()) {
            fail(endedTooEarly(status), status > KILLED && !leaving);
        }
        boolean unexpected = !leaving;
        leaving = true;
        groups.forEach(ProcessGroup::orphaned);
        // A zygote that was killed, by us or by others, hasn't done so itself.
        SocketDirectory.remove(parts.home().loop(), directory)
                .thenRun(() -> parts.home().execute(() -> ended.complete(null)));
        if (unexpected) {
            owner.zygoteDied(this, status);
        }
    }

    private PythonStartException endedTooEarly(int status) {
        String said;
        synchronized (errorLines) {
            said = String.join("\n", errorLines);
        }
        return new PythonStartException("the Python interpreter %s before it had loaded the program%s"
                .formatted(
                        status > KILLED ? "was killed by signal " + (status - KILLED) : "ended with status " + status,
                        said.isEmpty() ? "" : ":\n" + said));
    }

    // ---- what its groups need

    @Override
    public void fork(int slot, @Nullable Job job) {
        if (zygote != null && !leaving) {
            zygote.fork(slot, job);
        }
    }

    @Override
    public void signal(long pid, int signal) {
        if (zygote != null) {
            zygote.signal(pid, signal);
        }
    }

    @Override
    public boolean hasStarted() {
        return started.isDone();
    }

    @Override
    public void oneIsReady() {
        if (!leaving && groups.stream().allMatch(ProcessGroup::isReady)) {
            started.complete(null);
        }
    }

    @Override
    public boolean fail(PythonStartException why, boolean byCrash) {
        crashed |= byCrash;
        return started.completeExceptionally(why);
    }

    @Override
    public void empty() {
        if (zygote != null && groups.stream().allMatch(ProcessGroup::isEmpty)) {
            zygote.close();
        }
    }

    @Override
    public ProgramSignals signals() {
        return signals;
    }

    @Override
    public void reload() {
        owner.reloadRequested();
    }

    // ---- its end

    /// Its processes finish what they have, and stop; then it ends.
    void leave() {
        if (leaving) {
            return;
        }
        leaving = true;
        signals.end();
        groups.forEach(ProcessGroup::leave);
        empty();
    }

    /// Its processes are killed, whatever they do.
    void kill() {
        leaving = true;
        signals.end();
        groups.forEach(ProcessGroup::forget);
        if (zygote != null) {
            zygote.close();
        }
    }

    /// The workers first: their zygote, which would do it, may be what hangs.
    void destroy() {
        leaving = true;
        signals.end();
        processes().forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
        if (zygote != null) {
            zygote.destroy();
        }
    }
}
