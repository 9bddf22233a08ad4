package dev.loomgate.python.spooler;

import dev.loomgate.python.ProgramQueue;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonSetupException;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.SpoolPlace;
import dev.loomgate.python.SpoolerOptions;
import dev.loomgate.python.background.BackgroundRole;
import dev.loomgate.python.background.BackgroundSettings;
import dev.loomgate.python.snapshot.BackgroundSnapshot;
import dev.loomgate.python.snapshot.SpoolSnapshot;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.Mercy;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.wire.MarshalWriter;
import dev.loomgate.python.zygote.Job;
import dev.loomgate.python.zygote.SpoolBoot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The spoolers of a program. Loop side only, except [#open], [#start], [#withTasks], [#leave] and [#close].
///
/// A spooler's number says which place is its: the first ones have the first place.
public final class Spoolers {
    private static final String KIND = "spooler";
    private static final int PART_BYTES = 512 << 10;

    private final SpoolerOptions options;
    private final PythonOptions program;
    private final List<String> shown;
    private final Map<String, ProgramQueue> queues;
    private final BackgroundRole role;
    private final Map<Integer, QueueDesk> desks = new HashMap<>();
    private Duration frequency;

    private Spoolers(
            HomeLoop home,
            PythonOptions program,
            List<String> shown,
            Map<String, ProgramQueue> queues,
            UwsgiCalls calls) {
        this.program = program;
        this.options = program.spooler();
        this.shown = shown;
        this.queues = queues;
        this.frequency = options.frequency();
        BackgroundSettings settings = new BackgroundSettings(
                KIND,
                new Mercy(program.reloadMercy(), program.nameOf("reloadMercy")),
                options.taskLimit(),
                program.nameOf("spoolerTaskLimit"),
                "it has done %d tasks (%s)".formatted(options.maxTasks(), program.nameOf("spoolerMaxTasks")),
                true,
                status -> true,
                number -> Set.of());
        for (int i = 0; i < options.places().size(); i++) {
            if (options.places().get(i) instanceof SpoolPlace.Queue queue) {
                desks.put(i, new QueueDesk(home, queueOf(queue), this::handOver));
            }
        }
        this.role = new BackgroundRole(
                home,
                calls,
                settings,
                options.places().size() * options.processes(),
                this::job,
                new ToDesks(number -> desks.get(place(number))));
    }

    /// Makes the directories that aren't there, and has the calls answered that programs make about spoolers.
    /// Blocks for the disk.
    ///
    /// @return empty if the program has none of its own
    /// @throws PythonStartException if a directory can't be used
    public static Optional<Spoolers> open(HomeLoop home, PythonOptions program, UwsgiCalls calls)
            throws PythonStartException {
        SpoolerOptions options = program.spooler();
        prepare(options.places(), program.nameOf("spoolers"));
        prepare(options.externals(), program.nameOf("spoolerExternals"));
        if (options.all().isEmpty()) {
            return Optional.empty();
        }
        Map<String, ProgramQueue> queues = new HashMap<>();
        for (SpoolPlace.Queue queue : options.queues()) {
            queues.put(queue.toString(), calls.store().orElseThrow().queue(queue));
        }
        Spoolers spoolers = new Spoolers(home, program, SpoolBoot.of(options).places(), queues, calls);
        new QueueCalls(queues, options.queues(), program.nameOf("spoolers")).offerTo(calls);
        calls.offer("spooled", (caller, arguments, answer) -> {
            spoolers.wake((int) arguments.number(1));
            answer.none();
        });
        calls.offer("spooler_pids", (caller, arguments, answer) -> spoolers.pids(answer));
        calls.offer("spooler_frequency", (caller, arguments, answer) -> {
            spoolers.look(arguments.seconds(1));
            answer.none();
        });
        return options.places().isEmpty() ? Optional.empty() : Optional.of(spoolers);
    }

    private static void prepare(List<SpoolPlace> places, String setting) throws PythonSetupException {
        for (SpoolPlace place : places) {
            if (place instanceof SpoolPlace.Directory(Path path)) {
                SpoolDirectory.prepare(path, setting);
            }
        }
    }

    private ProgramQueue queueOf(SpoolPlace place) {
        return Objects.requireNonNull(queues.get(place.toString()));
    }

    private int place(int number) {
        return (number - 1) / options.processes();
    }

    // ---- their life

    /// Begins to fetch tasks from queues, as soon as there are processes. Waits for a moment.
    public void start() {
        String setting = program.nameOf("spoolers");
        desks.values()
                .forEach(desk -> desk.start(
                        options.processes(), program.reloadMercy(), name -> "%s of %s".formatted(name, setting)));
    }

    /// Fetches nothing more. Doesn't wait.
    public void leave() {
        desks.values().forEach(QueueDesk::leave);
    }

    /// After the processes have ended: waits until queues know what became of their tasks, but not for long.
    ///
    /// @throws InterruptedException if interrupted meanwhile
    public void close() throws InterruptedException {
        for (QueueDesk desk : desks.values()) {
            desk.close();
        }
    }

    // In parts, since a frame has 1 MiB and a task of a Java program may have more.
    private boolean handOver(int number, QueueDesk.Handed task) {
        byte[] content = task.content();
        int at = 0;
        for (; content.length - at > PART_BYTES; at += PART_BYTES) {
            role.tell(
                    number,
                    new MarshalWriter(PART_BYTES + 32)
                            .beginTuple(2)
                            .text("part")
                            .bytes(content, at, PART_BYTES));
        }
        return role.tell(
                number,
                new MarshalWriter(content.length - at + 128)
                        .beginTuple(3)
                        .text("run")
                        .text(task.id())
                        .bytes(content, at, content.length - at));
    }

    /// The role of their processes.
    public BackgroundRole role() {
        return role;
    }

    /// What is to be seen of each directory but its tasks, which [#withTasks] counts.
    public List<SpoolSnapshot> snapshot() {
        List<BackgroundSnapshot> all = role.snapshot();
        List<SpoolSnapshot> spools = new ArrayList<>();
        int each = options.processes();
        for (int i = 0; i < options.places().size(); i++) {
            spools.add(new SpoolSnapshot(options.places().get(i).toString(), 0, all.subList(i * each, (i + 1) * each)));
        }
        return spools;
    }

    /// The same with the tasks that are there. Blocks for the disk and for the store; any thread.
    public List<SpoolSnapshot> withTasks(List<SpoolSnapshot> spools) {
        List<SpoolSnapshot> counted = new ArrayList<>();
        for (int i = 0; i < spools.size(); i++) {
            SpoolSnapshot spool = spools.get(i);
            counted.add(spool.withTasks(
                    switch (options.places().get(i)) {
                        case SpoolPlace.Directory(Path path) -> SpoolDirectory.tasks(path);
                        case SpoolPlace.Queue queue -> queueOf(queue).waiting() + spool.running();
                    }));
        }
        return counted;
    }

    private Job job(int number) {
        Map<String, Object> details = new HashMap<>();
        int place = place(number);
        details.put(desks.containsKey(place) ? "queue" : "directory", shown.get(place));
        details.put("frequency", frequency.toMillis() / 1000.0);
        details.put("ordered", options.ordered());
        details.put("max_tasks", options.maxTasks());
        details.put("signals_count", options.signalsCount());
        details.put("imports", options.imports());
        Path runIn = options.runIn();
        if (runIn != null) {
            details.put("chdir", runIn.toAbsolutePath().toString());
        }
        return new Job(KIND, number, details);
    }

    // A task has been written to this directory.
    private void wake(int directory) {
        if (directory < 0 || directory >= options.places().size()) {
            return; // another server's
        }
        for (int i = 1; i <= options.processes(); i++) {
            role.tell(
                    directory * options.processes() + i,
                    new MarshalWriter(16).beginTuple(1).text("task"));
        }
    }

    // Places of other servers count as one each, and have none.
    private void pids(MarshalWriter answer) {
        List<Long> pids = role.pids();
        answer.beginList(pids.size() + options.externals().size());
        pids.forEach(answer::integer);
        options.externals().forEach(each -> answer.integer(0));
    }

    private void look(Duration every) {
        frequency = every;
        role.tellAll(new MarshalWriter(32).beginTuple(2).text("frequency").integer(every.toSeconds()));
    }
}
