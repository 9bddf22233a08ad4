package dev.loomgate.bench.tables;

import dev.loomgate.bench.arena.ArenaData;
import dev.loomgate.bench.arena.HelidonEntry;
import dev.loomgate.bench.arena.JavalinEntry;
import dev.loomgate.bench.arena.JettyEntry;
import dev.loomgate.bench.arena.LoomgateEntry;
import dev.loomgate.bench.arena.MicronautEntry;
import dev.loomgate.bench.arena.Places;
import dev.loomgate.bench.arena.Profile;
import dev.loomgate.bench.arena.UndertowEntry;
import dev.loomgate.bench.arena.VertxEntry;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.SelfSigned;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.ServerProcess;
import dev.loomgate.bench.harness.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// (v) HttpArena's profiles, each server's CPU for a request in each of them. All servers are up from
/// beginning to end; one whose answer in a profile is wrong is not measured in it.
public final class ArenaProfiles implements Table {
    private static final String LOOMGATE = "Loomgate";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Map<String, Class<?>> ENTRIES = entries();

    /// Those that `--quick` measures.
    private static final List<Profile> FIRST =
            List.of(Profile.BASELINE, Profile.PIPELINED, Profile.JSON, Profile.UPLOAD, Profile.STATIC);

    private static Map<String, Class<?>> entries() {
        Map<String, Class<?>> entries = new LinkedHashMap<>();
        entries.put(LOOMGATE, LoomgateEntry.class);
        entries.put("Vert.x", VertxEntry.class);
        entries.put("Helidon", HelidonEntry.class);
        entries.put("Javalin", JavalinEntry.class);
        entries.put("Jetty", JettyEntry.class);
        entries.put("Undertow", UndertowEntry.class);
        entries.put("Micronaut", MicronautEntry.class);
        return entries;
    }

    @Override
    public String letter() {
        return "v";
    }

    @Override
    public String title() {
        return "HttpArena's profiles";
    }

    /// An entry that is up.
    private record Entry(ServerProcess server, Places places) {}

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Path data = ArenaData.make(setting.scratch());
        SelfSigned certificate = SelfSigned.make(setting.scratch(), SelfSigned.Key.ECDSA);
        boolean quick = setting.effort().equals(Effort.QUICK);
        List<Entry> entries = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        try {
            start(setting, data, certificate, entries, missing);
            Map<Profile, Race.Result> results = new EnumMap<>(Profile.class);
            for (Profile profile : quick ? FIRST : List.of(Profile.values())) {
                Progress.say(profile.toString());
                results.put(profile, race(profile, setting, quick, entries, missing));
            }
            return text(results, missing);
        } finally {
            entries.forEach(entry -> entry.server().close());
        }
    }

    private static void start(
            Setting setting, Path data, SelfSigned certificate, List<Entry> entries, List<String> missing)
            throws IOException, InterruptedException {
        for (Map.Entry<String, Class<?>> each : ENTRIES.entrySet()) {
            String name = each.getKey();
            if (!setting.only().isEmpty() && setting.only().stream().noneMatch(name::contains)) {
                continue;
            }
            Places places = Places.free(data, certificate);
            List<String> command =
                    setting.jvm().command(each.getValue(), places.arguments().toArray(String[]::new));
            ServerProcess server = ServerProcess.start(name, command, setting.scratch());
            entries.add(new Entry(server, places));
            try {
                server.awaitAnswer(places.http(), "/pipeline", "ok", START_LIMIT);
            } catch (ServerFailed e) {
                missing.add(String.valueOf(e.getMessage()));
                entries.removeLast().server().close();
            }
        }
    }

    private static Race.Result race(
            Profile profile, Setting setting, boolean quick, List<Entry> entries, List<String> missing)
            throws IOException, InterruptedException {
        ArenaLoad load = new ArenaLoad(setting.scratch());
        List<Contender> contenders = new ArrayList<>();
        for (Entry entry : entries) {
            List<String> faults = profile.faults(entry.places());
            if (!faults.isEmpty()) {
                String wrong = entry.server().name() + ", " + profile + ": " + String.join("; ", faults);
                Progress.say(wrong);
                missing.add(wrong);
                continue;
            }
            contenders.add(new Contender(
                    entry.server(),
                    profile.address(entry.places()),
                    ArenaLoad.path(profile),
                    "",
                    load.options(profile, entry.places())));
        }
        // The first profile compiles what all of them have in common.
        int warmUpSeconds = (quick ? 1 : 2) + (profile == Profile.BASELINE ? 3 : 0);
        Race race = new Race(
                duration -> ArenaLoad.generator(profile, duration),
                Duration.ofSeconds(warmUpSeconds),
                0,
                SECOND,
                quick ? 2 : 4);
        return new Race.Result(race.load(contenders), Map.of());
    }

    private static String text(Map<Profile, Race.Result> results, List<String> missing) {
        StringBuilder details = new StringBuilder();
        List<String> headings = new ArrayList<>(List.of("CPU µs/request"));
        headings.addAll(ENTRIES.keySet());
        headings.addAll(List.of("best rival", "Loomgate × best"));
        MarkdownTable summary = new MarkdownTable(headings);
        results.forEach((profile, result) -> {
            Optional<String> best = bestRival(result.rounds());
            List<String> row = new ArrayList<>(List.of(profile.toString()));
            for (String name : ENTRIES.keySet()) {
                List<Round> rounds = result.rounds().getOrDefault(name, List.of());
                row.add(rounds.isEmpty() ? "-" : "%.1f".formatted(cpu(rounds).median()));
            }
            row.add(best.orElse("-"));
            row.add(best.filter(_ -> result.rounds().containsKey(LOOMGATE))
                    .map(name -> ratio(result.rounds(), name))
                    .orElse("-"));
            summary.row(row);
            RaceTable table = new RaceTable(result);
            details.append("\n`%s`:\n\n".formatted(profile))
                    .append(table.text(
                            "",
                            best.map(name -> new RaceTable.Reference[] {new RaceTable.Reference("× " + name, name)})
                                    .orElseGet(() -> new RaceTable.Reference[0])))
                    .append('\n')
                    .append(table.othersText());
        });
        StringBuilder left = new StringBuilder();
        missing.forEach(each -> left.append("\nNot measured: ").append(each).append('\n'));
        return """
                [HttpArena](https://github.com/MDA2AV/HttpArena)'s profiles without a database, HTTP/3 and gRPC, in the class "production": each program uses its
                server as its documentation advises (`arena/*Entry.java`), JSON is written by Jackson everywhere, and all have passed HttpArena's checks before.
                One loop or I/O thread where that can be said. Loads: `wrk -t1 -c64`, of uploads 8 (500 KB to 20 MB in turn); `h2load -t1 -c32 -m32`, of files `-c8 -m8`;
                64 WebSockets. `limited-conn` closes with each tenth request. Files have `.gz` beside them, which Loomgate, Jetty and Undertow can send; the
                others send them as they are, or compress while they send. Nobody keeps them in memory. Median CPU; the ratio's least in parentheses.

                """ + summary + left + details;
    }

    private static Spread cpu(List<Round> rounds) {
        return Spread.of(rounds.stream().map(Round::cpuMicros).toList());
    }

    private static Optional<String> bestRival(Map<String, List<Round>> rounds) {
        return rounds.keySet().stream()
                .filter(name -> !name.equals(LOOMGATE))
                .min(Comparator.comparingDouble(
                        name -> cpu(rounds.getOrDefault(name, List.of())).median()));
    }

    private static String ratio(Map<String, List<Round>> rounds, String best) {
        Spread ours = cpu(rounds.getOrDefault(LOOMGATE, List.of()));
        Spread theirs = cpu(rounds.getOrDefault(best, List.of()));
        return "%.2f (%.2f)".formatted(ours.median() / theirs.median(), ours.min() / theirs.min());
    }
}
