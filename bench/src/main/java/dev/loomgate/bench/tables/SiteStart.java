package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ProportionalMemory;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.harness.ThreadTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// (l) Sites as an operator starts them: from the start to the first answer, and what they take while nobody
/// asks.
public final class SiteStart implements Table {
    private static final Duration IDLE = Duration.ofSeconds(3);

    /// One start of one server.
    private record Start(double millis, double cpuMillis, double idleMb, int processes, double idleCpuMillis) {}

    @Override
    public String letter() {
        return "l";
    }

    @Override
    public String title() {
        return "Sites: start to first answer, and memory while idle";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        PythonServers python = new PythonServers(setting);
        HelloServers java = new HelloServers(setting);
        String[] two = {"--processes", "2"};
        List<Entrant> entrants = List.of(
                java.launched("./loomgate --app Hello.java", "--app", FirstMinute.sourceFile(setting)),
                python.loomgate("./loomgate -w flask_hello", "flask_hello", "/"),
                python.uwsgi("uWSGI, flask_hello", "flask_hello", 1),
                python.gunicorn("gunicorn, flask_hello", "flask_hello", 1),
                python.loomgate("./loomgate -w flask_hello, 2 processes", "flask_hello", "/", two),
                python.uwsgi("uWSGI, flask_hello, 2 processes", "flask_hello", 2),
                python.gunicorn("gunicorn, flask_hello, 2 processes", "flask_hello", 2));
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        Map<String, String> failures = new LinkedHashMap<>();
        for (int i = 1; i <= setting.effort().starts(); i++) {
            Progress.say("start " + i + " of " + setting.effort().starts());
            for (Entrant entrant : entrants.stream().filter(setting::takes).toList()) {
                try {
                    starts.computeIfAbsent(entrant.name(), _ -> new ArrayList<>())
                            .add(start(entrant));
                } catch (ServerFailed e) {
                    failures.put(entrant.name(), String.valueOf(e.getMessage()));
                }
            }
        }
        StringBuilder text = new StringBuilder("""
                Process started to first `200`, in turn, %d times each, and the CPU that all its processes had used by then; %d s later, with no
                request in between, the memory of all its processes (Pss: what they share counts once) and the CPU of those seconds. \
                Loomgate is
                `./loomgate`, with what it keeps beside itself made by an earlier start.

                """.formatted(setting.effort().starts(), IDLE.toSeconds()));
        text.append(table(starts));
        failures.values()
                .forEach(
                        reason -> text.append("\nNot measured: ").append(reason).append('\n'));
        return text.toString();
    }

    private static Start start(Entrant entrant) throws IOException, InterruptedException, ServerFailed {
        try (Contender contender = entrant.start().start(entrant.name())) {
            double millis = contender.awaitAnswer().toNanos() / 1e6;
            ThreadTimes answered = contender.server().threadTimes();
            Thread.sleep(IDLE);
            ProportionalMemory memory = contender.server().memory();
            return new Start(
                    millis,
                    answered.microsSince(ThreadTimes.none()) / 1e3,
                    memory.kib() / 1024.0,
                    memory.processes(),
                    contender.server().threadTimes().microsSince(answered) / 1e3);
        }
    }

    private static MarkdownTable table(Map<String, List<Start>> starts) {
        MarkdownTable table = new MarkdownTable(
                "server", "first answer after ms", "CPU ms until then", "idle MB", "processes", "idle CPU ms");
        starts.forEach((name, all) -> {
            if (!all.isEmpty()) {
                table.row(
                        name,
                        Spread.of(all.stream().map(Start::millis).toList()).text(0),
                        Spread.of(all.stream().map(Start::cpuMillis).toList()).text(0),
                        Spread.of(all.stream().map(Start::idleMb).toList()).text(1),
                        Integer.toString(all.getLast().processes()),
                        Spread.of(all.stream().map(Start::idleCpuMillis).toList())
                                .text(0));
            }
        });
        return table;
    }
}
