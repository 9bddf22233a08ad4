package dev.loomgate.bench.tables;

import dev.loomgate.bench.blocking.BlockingServer;
import dev.loomgate.bench.blocking.Kind;
import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Beside;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MachineLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Paced;
import dev.loomgate.bench.harness.Percentiles;
import dev.loomgate.bench.harness.Postgres;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.ServerProcess;
import dev.loomgate.bench.peers.Hello;
import dev.loomgate.loop.settings.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// (u) What other requests of a loop wait while one of them blocks, by what it does and by engine: the table of
/// docs/blocking.md.
public final class WhileOneBlocks implements Table {
    private static final Duration PACE = Duration.ofMillis(2);

    /// @param p99Millis of other requests
    /// @param longestMillis of other requests
    /// @param tookMillis the one that blocked, the longest
    /// @param warned whether the server's log has a warning of it
    private record Figures(double p99Millis, double longestMillis, double tookMillis, boolean warned) {}

    @Override
    public String letter() {
        return "u";
    }

    @Override
    public String title() {
        return "While one request blocks";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        MachineLoad machine = MachineLoad.snapshot();
        List<Kind> kinds = Arrays.stream(Kind.values())
                .filter(kind ->
                        setting.only().isEmpty() || setting.only().stream().anyMatch(kind.shown()::contains))
                .toList();
        List<List<Figures>> engines = new ArrayList<>(); // in the order of Engine, each in that of the kinds
        try (Postgres postgres = Postgres.start(setting.scratch())) {
            for (Engine engine : Engine.values()) {
                engines.add(measure(setting, kinds, engine, postgres.url()));
            }
        } catch (ServerFailed e) {
            return "Not measured: " + e.getMessage() + "\n";
        }
        MarkdownTable table = new MarkdownTable(
                "while one is in", "takes", "`loop`", "`virtual`", "`threads`", "a line in the log, on `loop`");
        for (int i = 0; i < kinds.size(); i++) {
            Figures onLoop = engines.getFirst().get(i);
            List<String> row = new ArrayList<>(List.of(kinds.get(i).shown(), "%.0f".formatted(onLoop.tookMillis())));
            for (List<Figures> engine : engines) {
                row.add(shown(engine.get(i)));
            }
            row.add(onLoop.warned() ? "yes" : "");
            table.row(row);
        }
        return """
                One Loomgate of one loop with its defaults. One client asks for hello every %d ms, counted from when each request was due, while
                another request blocks; %d times each, after once that doesn't count. p99 and the longest of the quick requests, in ms; "takes" is
                the one that blocks. A row of nothing measures the machine: `Thread.sleep` holds nobody.

                """.formatted(PACE.toMillis(), rounds(setting))
                + table
                + "\nCores that other processes kept busy meanwhile: %.2f.\n".formatted(machine.othersCores());
    }

    private static int rounds(Setting setting) {
        return setting.effort().equals(Effort.QUICK) ? 1 : 3;
    }

    private static String shown(Figures figures) {
        return String.format(Locale.ROOT, "%.1f, %.1f", figures.p99Millis(), figures.longestMillis());
    }

    private static List<Figures> measure(Setting setting, List<Kind> kinds, Engine engine, String postgres)
            throws IOException, InterruptedException, ServerFailed {
        Path folder = Files.createTempDirectory(setting.scratch(), "blocking");
        Address address = Address.free();
        String name = engine.name().toLowerCase(Locale.ROOT);
        List<String> command = setting.jvm()
                .command(BlockingServer.class, name, folder.toString(), postgres, Integer.toString(address.port()));
        List<Figures> figures = new ArrayList<>();
        try (Contender contender = new Contender(
                ServerProcess.start("Loomgate, " + name, command, setting.scratch()), address, "/", Hello.TEXT)) {
            contender.awaitAnswer();
            new Paced(1, PACE, setting.effort().warmUp()).run(address, "/");
            for (Kind kind : kinds) {
                figures.add(measure(contender, kind, rounds(setting)));
                Progress.say("  %-8s %-50s %s".formatted(name, kind.shown(), shown(figures.getLast())));
            }
        }
        return figures;
    }

    private static Figures measure(Contender contender, Kind kind, int rounds)
            throws IOException, InterruptedException {
        int warnings = warnings(contender.server());
        Beside beside = new Beside(contender.address(), PACE);
        beside.run("/", kind.path());
        List<Double> millis = new ArrayList<>();
        double took = 0;
        for (int i = 0; i < rounds; i++) {
            Beside.Times times = beside.run("/", kind.path());
            millis.addAll(times.millis());
            took = Math.max(took, times.tookMillis());
        }
        Percentiles all = Percentiles.of(millis);
        return new Figures(all.at(0.99), all.at(1), took, warnings(contender.server()) > warnings);
    }

    private static int warnings(ServerProcess server) throws IOException {
        return (int) server.log()
                .lines()
                .filter(line -> line.contains(" has been held for ") || line.contains(" have all been taken for "))
                .count();
    }
}
