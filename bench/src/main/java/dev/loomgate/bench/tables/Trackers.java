package dev.loomgate.bench.tables;

import dev.loomgate.bench.LoomgateTracker;
import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Paced;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.ServerProcess;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.harness.TrackerMember;
import dev.loomgate.bench.tracker.helidon.HelidonTracker;
import dev.loomgate.bench.tracker.javalin.JavalinTracker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// (w) The tracker, and the same program in Javalin and Helidon: lines of code, start, memory, and CPU for a request.
public final class Trackers implements Table {
    private static final int CONNECTIONS = 32;
    private static final int ISSUES = 20;
    private static final String LOOMGATE = "Loomgate";
    private static final String LIST = "/api/issues";

    // The load after which memory is read: the same number of requests for each.
    private static final int CLIENTS = 4;
    private static final Duration PACE = Duration.ofMillis(4);

    /// One start of one program.
    private record Start(double millis, double firstMb, double loadedMb) {}

    /// A program that is up, with issues in it and a member logged in.
    private record Program(ServerProcess server, Address address, List<String> changing) {}

    /// What is asked for, and by whom.
    private record Kind(String title, String path, boolean asMember) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("the list of 20 issues as JSON", LIST, false),
            new Kind("the same as a page", "/", false),
            new Kind("a change by form: session, CSRF token, validation, update, redirect", "/issues/1", true));

    @Override
    public String letter() {
        return "w";
    }

    @Override
    public String title() {
        return "The tracker, in Loomgate, Javalin and Helidon";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        List<Entrant> entrants = Stream.of(
                        entrant(setting, LOOMGATE, LoomgateTracker.class),
                        entrant(setting, "Javalin", JavalinTracker.class),
                        entrant(setting, "Helidon", HelidonTracker.class))
                .filter(setting::takes)
                .toList();
        Map<String, String> failures = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder("""
                The issue tracker of `tracker/` and its twins (`bench/src/main/java/dev/loomgate/bench/tracker`), as users of each would write it in the
                shortest honest way: REST, pages, a login, attachments, JDBC, events. `ConformanceTest` sends all three the same requests, and has the same
                answers. Lines are without blanks, comments and imports, after the same formatter. Ours also has an OpenAPI document, sessions that outlive a
                restart, strict JSON, heartbeats and masked tokens. What the twins' users have as a library is not counted (`standin`), and neither are tests.

                """);
        text.append(TrackerLines.count(setting.root()).text());
        text.append("""

                Process started to first `[]` of %s, in turn, %d times each; memory is Pss, then, and after %d requests a second for %d s.

                """.formatted(
                        LIST,
                        setting.effort().starts(),
                        CLIENTS * 1000 / PACE.toMillis(),
                        loading(setting).toSeconds()));
        text.append(starts(setting, entrants, failures));
        text.append(races(setting, entrants, failures));
        failures.values()
                .forEach(
                        reason -> text.append("\nNot measured: ").append(reason).append('\n'));
        return text.toString();
    }

    private static Entrant entrant(Setting setting, String name, Class<?> main) {
        return new Entrant(name, given -> {
            Address address = Address.free();
            List<String> command = new ArrayList<>(List.of("env", "TRACKER_PASSWORD=" + TrackerMember.PASSWORD));
            command.addAll(setting.jvm().command(main, Integer.toString(address.port())));
            return new Contender(ServerProcess.start(given, command, setting.scratch()), address, LIST, "[]");
        });
    }

    private static Duration loading(Setting setting) {
        return setting.effort().warmUp();
    }

    private static MarkdownTable starts(Setting setting, List<Entrant> entrants, Map<String, String> failures)
            throws IOException, InterruptedException {
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        for (int i = 1; i <= setting.effort().starts(); i++) {
            Progress.say("start " + i + " of " + setting.effort().starts());
            for (Entrant entrant : entrants) {
                try {
                    starts.computeIfAbsent(entrant.name(), _ -> new ArrayList<>())
                            .add(start(setting, entrant));
                } catch (ServerFailed e) {
                    failures.put(entrant.name(), String.valueOf(e.getMessage()));
                }
            }
        }
        MarkdownTable table = new MarkdownTable("program", "first answer after ms", "MB after it", "MB after load");
        starts.forEach((name, all) -> {
            if (!all.isEmpty()) {
                table.row(
                        name,
                        Spread.of(all.stream().map(Start::millis).toList()).text(0),
                        Spread.of(all.stream().map(Start::firstMb).toList()).text(0),
                        Spread.of(all.stream().map(Start::loadedMb).toList()).text(0));
            }
        });
        return table;
    }

    private static Start start(Setting setting, Entrant entrant)
            throws IOException, InterruptedException, ServerFailed {
        try (Contender contender = entrant.start().start(entrant.name())) {
            double millis = contender.awaitAnswer().toNanos() / 1e6;
            double firstMb = megabytes(contender);
            new Paced(CLIENTS, PACE, loading(setting)).run(contender.address(), "/");
            return new Start(millis, firstMb, megabytes(contender));
        }
    }

    private static double megabytes(Contender contender) {
        return contender.server().memory().kib() / 1024.0;
    }

    private static String races(Setting setting, List<Entrant> entrants, Map<String, String> failures)
            throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder(
                "\nCPU for a request, `wrk -t1 -c%d`; all are up at once, each with its defaults, without an access log.\n"
                        .formatted(CONNECTIONS));
        List<Program> programs = new ArrayList<>();
        try {
            for (Entrant entrant : entrants) {
                start(setting, entrant, programs, failures);
            }
            for (Kind kind : KINDS) {
                Progress.say(kind.title());
                text.append(race(setting, kind, programs));
            }
        } finally {
            programs.forEach(program -> program.server().close());
        }
        return text.toString();
    }

    private static void start(Setting setting, Entrant entrant, List<Program> programs, Map<String, String> failures)
            throws IOException, InterruptedException {
        Contender contender = entrant.start().start(entrant.name());
        try {
            contender.awaitAnswer();
        } catch (ServerFailed e) {
            failures.put(entrant.name(), String.valueOf(e.getMessage()));
            contender.close();
            return;
        }
        try (TrackerMember member = TrackerMember.logIn(contender.address())) {
            member.add(ISSUES);
            Path script = setting.scratch().resolve(entrant.name() + ".lua");
            programs.add(new Program(contender.server(), contender.address(), member.changing("/issues/1", script)));
        } catch (IOException | InterruptedException e) {
            contender.close();
            throw e;
        }
    }

    private static String race(Setting setting, Kind kind, List<Program> programs)
            throws IOException, InterruptedException {
        List<Contender> contenders = programs.stream()
                .map(program -> new Contender(
                        program.server(),
                        program.address(),
                        kind.path(),
                        "",
                        kind.asMember() ? program.changing() : List.of()))
                .toList();
        Race race = new Race(CONNECTIONS, setting.effort());
        RaceTable table = new RaceTable(new Race.Result(race.load(contenders), Map.of()));
        return "\n`" + kind.path() + "`, " + kind.title() + ":\n\n"
                + table.text("", new RaceTable.Reference("× Loomgate", LOOMGATE))
                + "\n"
                + table.othersText();
    }
}
