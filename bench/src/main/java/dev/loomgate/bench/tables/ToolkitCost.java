package dev.loomgate.bench.tables;

import dev.loomgate.bench.HelloBenchmark;
import dev.loomgate.bench.harness.JmhReport;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// (j) What request, response, map and resources of the toolkit add to an application that uses none of them.
public final class ToolkitCost implements Table {
    private static final int CONNECTIONS = 64;
    private static final String BARE = "on the gateway alone";
    private static final String TOOLKIT = "by the toolkit";

    @Override
    public String letter() {
        return "j";
    }

    @Override
    public String title() {
        return "What does the toolkit cost?";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        HelloServers servers = new HelloServers(setting);
        Race.Result race = new Race(CONNECTIONS, effort)
                .run(Stream.of(servers.application(BARE, "hello"), servers.application(TOOLKIT, "toolkit"))
                        .filter(setting::takes)
                        .toList());
        RaceTable table = new RaceTable(race);
        JmhReport report = setting.jmh().measure(HelloBenchmark.class, List.of("-prof", "gc"));
        return """
                `GET /` from `wrk -t1 -c%d` to one loop over HTTP, as in (a). Both answer `Hello world!`. The
                first is (a)'s lambda, the second a `WebApplication` of five rules whose resource asks its
                `Request` for an argument of the query and returns a text, as docs/toolkit.md begins. Its
                answer is 15 bytes longer, for the charset.

                """.formatted(CONNECTIONS)
                + table.text("", new RaceTable.Reference("× alone", BARE))
                + added(race)
                + "\n"
                + table.othersText()
                + """

                The same two called in one thread, by JMH, with a new environ each time and a container that
                keeps nothing:

                """
                + inProcess(report);
    }

    /// Of the rounds one by one, which follow one another.
    private static String added(Race.Result race) {
        List<Round> bare = race.rounds().getOrDefault(BARE, List.of());
        List<Round> toolkit = race.rounds().getOrDefault(TOOLKIT, List.of());
        List<Double> micros = new ArrayList<>();
        for (int i = 0; i < Math.min(bare.size(), toolkit.size()); i++) {
            micros.add(toolkit.get(i).cpuMicros() - bare.get(i).cpuMicros());
        }
        return micros.isEmpty()
                ? ""
                : "\nThe toolkit adds %s µs of CPU to a request, comparing round with round.\n"
                        .formatted(Spread.of(micros).text(2));
    }

    private static MarkdownTable inProcess(JmhReport report) {
        MarkdownTable table = new MarkdownTable("application", "ns/request", "bytes allocated/request");
        row(table, BARE, report, "hello");
        row(table, TOOLKIT, report, "toolkit");
        return table;
    }

    private static void row(MarkdownTable table, String name, JmhReport report, String app) {
        Map<String, String> parameters = Map.of("app", app);
        table.row(
                name,
                report.nanos("call", parameters).text(0),
                String.format(
                        Locale.ROOT, "%.0f", report.bytes("call", parameters).median()));
    }
}
