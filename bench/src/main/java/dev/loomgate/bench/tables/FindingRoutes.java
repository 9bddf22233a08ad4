package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Jmh;
import dev.loomgate.bench.harness.JmhReport;
import dev.loomgate.bench.harness.Jvm;
import dev.loomgate.bench.harness.MachineLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.routers.RouteSet;
import dev.loomgate.bench.routers.RouterBenchmark;
import dev.loomgate.bench.routers.RouterKind;
import dev.loomgate.bench.routers.WerkzeugReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/// (i) Routers on 10, 100 and 1,000 rules, without a network.
public final class FindingRoutes implements Table {
    private static final List<Integer> SIZES = List.of(10, 100, 1_000);
    private static final int PYTHON_ROUNDS = 5;

    @Override
    public String letter() {
        return "i";
    }

    @Override
    public String title() {
        return "How long does a router take to find a route?";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        MachineLoad machine = MachineLoad.snapshot();
        List<WerkzeugReport> werkzeug = new ArrayList<>();
        for (int size : SIZES) {
            Progress.say("Werkzeug, " + size + " rules");
            werkzeug.add(WerkzeugReport.measure(setting.root(), setting.scratch(), RouteSet.of(size), PYTHON_ROUNDS));
        }
        JmhReport report = new Jmh(setting.jvm(), effort.iteration(), effort.runs(), setting.scratch())
                .measure(RouterBenchmark.class);
        return """
                One thread and no network: nanoseconds for a path, by JMH; median (least to greatest) of the iterations of %d \
                JVMs for
                each figure, which are started in turn with the others'. Jooby is %s, Vert.x-web %s. All have the same rules for \
                GET, a
                fifth each of `/repos/issues`, `/repos/issues/<int:id>`, `/repos/<name>/issues`, `/repos/<owner>/<name>/issues` and
                `/repos/<owner>/<name>/issues/<int:id>`, with other words in place of `repos` and `issues`; and 2,000 paths, which \
                ask
                for each rule equally often in an order fixed beforehand that follows no pattern. A path is a new String each time, \
                made
                from bytes as in a server; the first row is what that takes, and all other Java rows have it in them.

                What else is in a figure:
                - Loomgate: the match with the values of its variables, numbers parsed (the others leave text to the handler). The \
                second
                  row has a new `Environ` too, and binds the map to it, as an application does for each request.
                - Jooby: `Router.match` with a context that has method and path only; the match with its values.
                - Vert.x-web: its router takes nothing less than a whole request. So a routing context is made and the route's \
                handler
                  called, of which the other figures have nothing. Routes are asked one after the other, as they are written here; \
                an
                  application of 1,000 would have sub-routers.
                - Werkzeug: `MapAdapter.match` of a bound map, for scale; a miss raises and catches NotFound.

                Paths that match:

                """.formatted(effort.runs(), Jvm.version("jooby"), Jvm.version("vertx-web"))
                + table(
                        report,
                        "hit",
                        i -> werkzeug.get(i).hits(),
                        werkzeug.getFirst().name())
                + "\nPaths that don't, by an unknown word or too many segments:\n\n"
                + table(
                        report,
                        "miss",
                        i -> werkzeug.get(i).misses(),
                        werkzeug.getFirst().name())
                + "\nCores that other processes kept busy meanwhile: %.2f.\n".formatted(machine.othersCores());
    }

    private static MarkdownTable table(
            JmhReport report, String paths, IntFunction<Spread> werkzeug, String werkzeugName) {
        MarkdownTable table =
                new MarkdownTable("router", "10 rules, ns", "100 rules, ns", "1,000 rules, ns", "1,000 to 10");
        for (RouterKind kind : RouterKind.values()) {
            table.row(row(
                    kind.shown(),
                    i -> report.nanos(
                            "find",
                            Map.of("paths", paths, "router", kind.name(), "rules", Integer.toString(SIZES.get(i))))));
        }
        table.row(row(werkzeugName, werkzeug));
        return table;
    }

    private static List<String> row(String name, IntFunction<Spread> figures) {
        Spread[] spreads = new Spread[SIZES.size()];
        Arrays.setAll(spreads, figures);
        List<String> cells = new ArrayList<>(List.of(name));
        for (Spread spread : spreads) {
            cells.add(spread.text(0));
        }
        Spread few = spreads[0];
        Spread many = spreads[spreads.length - 1];
        cells.add(String.format(Locale.ROOT, "%.2f (%.2f)", many.median() / few.median(), many.min() / few.min()));
        return cells;
    }
}
