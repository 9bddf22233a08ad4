package dev.loomgate.python.spooler;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonStartException;
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
import java.util.Optional;
import java.util.Set;

/// The spoolers of a program. Loop side only, except [#open] and [#withTasks].
///
/// A spooler's number says which directory is its: the first ones have the first directory.
public final class Spoolers {
    private static final String KIND = "spooler";

    private final SpoolerOptions options;
    private final List<String> directories;
    private final BackgroundRole role;
    private Duration frequency;

    private Spoolers(HomeLoop home, PythonOptions program, List<String> directories, UwsgiCalls calls) {
        this.options = program.spooler();
        this.directories = directories;
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
        this.role = new BackgroundRole(
                home, calls, settings, options.directories().size() * options.processes(), this::job);
    }

    /// Makes the directories that aren't there, and has the calls answered that programs make about spoolers.
    /// Blocks for the disk.
    ///
    /// @return empty if the program has none of its own
    /// @throws PythonStartException if a directory can't be used
    public static Optional<Spoolers> open(HomeLoop home, PythonOptions program, UwsgiCalls calls)
            throws PythonStartException {
        SpoolerOptions options = program.spooler();
        for (Path directory : options.directories()) {
            SpoolDirectory.prepare(directory, program.nameOf("spoolers"));
        }
        for (Path directory : options.externals()) {
            SpoolDirectory.prepare(directory, program.nameOf("spoolerExternals"));
        }
        if (options.all().isEmpty()) {
            return Optional.empty();
        }
        Spoolers spoolers = new Spoolers(home, program, SpoolBoot.of(options).directories(), calls);
        calls.offer("spooled", (caller, arguments, answer) -> {
            spoolers.wake((int) arguments.number(1));
            answer.none();
        });
        calls.offer("spooler_pids", (caller, arguments, answer) -> spoolers.pids(answer));
        calls.offer("spooler_frequency", (caller, arguments, answer) -> {
            spoolers.look(arguments.seconds(1));
            answer.none();
        });
        return options.directories().isEmpty() ? Optional.empty() : Optional.of(spoolers);
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
        for (int i = 0; i < options.directories().size(); i++) {
            spools.add(new SpoolSnapshot(options.directories().get(i), 0, all.subList(i * each, (i + 1) * each)));
        }
        return spools;
    }

    /// The same with the tasks that are there. Blocks for the disk; any thread.
    public static SpoolSnapshot withTasks(SpoolSnapshot spool) {
        return spool.withTasks(SpoolDirectory.tasks(spool.directory()));
    }

    private Job job(int number) {
        Map<String, Object> details = new HashMap<>();
        details.put("directory", directories.get((number - 1) / options.processes()));
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
        if (directory < 0 || directory >= options.directories().size()) {
            return; // another server's
        }
        for (int i = 1; i <= options.processes(); i++) {
            role.tell(
                    directory * options.processes() + i,
                    new MarshalWriter(16).beginTuple(1).text("task"));
        }
    }

    // Those of other servers count as one each, and have none.
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
