package dev.loomgate.bench.tables;

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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/// (i) Routers on 10, 100 and 1,000 rules, without a network.
public final class FindingRoutes implements Table {
    private static final List<Integer> SIZES = List.of(10, 100, 1_000);
    private static final List<Integer> ENDS = List.of(10, 1_000);
    private static final int PYTHON_ROUNDS = 20;

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
        MachineLoad machine = MachineLoad.snapshot();
        Map<Integer, WerkzeugReport> werkzeug = new TreeMap<>();
        for (int size : SIZES) {
            Progress.say("Werkzeug, " + size + " rules");
            werkzeug.put(
                    size, WerkzeugReport.measure(setting.root(), setting.scratch(), RouteSet.of(size), PYTHON_ROUNDS));
        }
        JmhReport report = setting.jmh()
                .measure(
                        RouterBenchmark.class,
                        List.of("-p", "paths=hit", "-p", "rules=" + joined(SIZES)),
                        List.of("-p", "paths=miss", "-p", "rules=" + joined(ENDS)));
        return """
                One thread and no network: nanoseconds for a path, by JMH. Median (least to greatest) of
                %d x 4 iterations of %d ms; every fourth begins in a new JVM, in turn with the others. The
                last column has the medians' ratio and, in parentheses, that of the least: disturbance only
                ever adds. Jooby is %s, Vert.x-web %s. All have the same rules for GET: a fifth each of
                `/repos/issues`, `/repos/issues/<int:id>`, `/repos/<name>/issues`,
                `/repos/<owner>/<name>/issues` and `/repos/<owner>/<name>/issues/<int:id>`, with other words
                in place of `repos` and `issues`. 2,000 paths ask for each rule equally often, in an order
                without a pattern that is always the same. Each time a path is a new String, made from bytes
                as in a server: the first row is what that takes, and every other Java row has it in it.

                What else a figure has in it:
                - Loomgate: the match with its variables' values; numbers are parsed, which the others leave
                  to the handler. The second row has a new `Environ` and a map bound to it besides, as an
                  application has for each request.
                - Jooby: `Router.match` for a context that has nothing but method and path; the match with
                  its values.
                - Vert.x-web: its router takes nothing less than a whole request. It makes a routing context
                  and calls the route's handler, neither of which the others' figures have. It asks one route
                  after the other; a program with so many would divide them among sub-routers.
                - Werkzeug: `MapAdapter.match` of a bound map, for scale; a miss raises NotFound.

                Paths that match:

                """.formatted(
                                setting.effort().runs(),
                                setting.effort().iteration().toMillis(),
                                Jvm.version("jooby"),
                                Jvm.version("vertx-web"))
                + table(SIZES, report, "hit", werkzeug, WerkzeugReport::hits)
                + "\nPaths that don't, for an unknown word or too many segments:\n\n"
                + table(ENDS, report, "miss", werkzeug, WerkzeugReport::misses)
                + "\nCores that other processes kept busy meanwhile: %.2f.\n".formatted(machine.othersCores());
    }

    private static String joined(List<Integer> sizes) {
        return String.join(",", sizes.stream().map(String::valueOf).toList());
    }

    private static MarkdownTable table(
            List<Integer> sizes,
            JmhReport report,
            String paths,
            Map<Integer, WerkzeugReport> werkzeug,
            Function<WerkzeugReport, Spread> figure) {
        List<String> headings = new ArrayList<>(List.of("router"));
        sizes.forEach(size -> headings.add(String.format(Locale.ROOT, "%,d rules, ns", size)));
        headings.add("1,000 to 10");
        MarkdownTable table = new MarkdownTable(headings);
        for (RouterKind kind : RouterKind.values()) {
            table.row(row(
                    kind.shown(),
                    sizes.stream()
                            .map(size -> report.nanos("find", parameters(kind, paths, size)))
                            .toList()));
        }
        List<WerkzeugReport> measured = sizes.stream()
                .map(size -> Objects.requireNonNull(werkzeug.get(size)))
                .toList();
        table.row(row(measured.getFirst().name(), measured.stream().map(figure).toList()));
        return table;
    }

    private static Map<String, String> parameters(RouterKind kind, String paths, int size) {
        return Map.of("paths", paths, "router", kind.name(), "rules", Integer.toString(size));
    }

    private static List<String> row(String name, List<Spread> figures) {
        List<String> cells = new ArrayList<>(List.of(name));
        figures.forEach(figure -> cells.add(figure.text(0)));
        Spread few = figures.getFirst();
        Spread many = figures.getLast();
        cells.add(String.format(Locale.ROOT, "%.2f (%.2f)", many.median() / few.median(), many.min() / few.min()));
        return cells;
    }
}
