package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MachineLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Paced;
import dev.loomgate.bench.harness.Percentiles;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.harness.ThreadTimes;
import dev.loomgate.bench.harness.Wrk;
import dev.loomgate.bench.harness.WrkReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Starts of servers, each followed window by window. A server that does not come up is reported and left out.
final class WarmUps {
    static final Duration WINDOW = Duration.ofSeconds(2);
    static final int CONNECTIONS = 64;
    static final int PACE = 100;

    private static final int CLIENTS = 10;
    /// The windows that have a column, where there are so many; the first is 0.
    private static final List<Integer> SHOWN = List.of(0, 1, 2, 3, 4, 6, 9, 14, 29);

    /// How a server is asked.
    enum Load {
        FULL("full load"),
        QUIET(PACE + " requests/s");

        private final String told;

        Load(String told) {
            this.told = told;
        }

        String told() {
            return told;
        }
    }

    /// @param compilerSeconds of CPU, from the start of the process
    private record WarmUp(double firstAnswerMillis, List<Window> windows, double compilerSeconds, double othersCores) {
        double then(ToDoubleFunction<Window> figure) {
            List<Double> last = windows.subList(windows.size() * 2 / 3, windows.size()).stream()
                    .map(window -> figure.applyAsDouble(window))
                    .toList();
            return Spread.of(last).median();
        }
    }

    private final int windows;
    private final Map<Load, Map<String, WarmUp>> all = new EnumMap<>(Load.class);
    private final List<String> failures = new ArrayList<>();

    /// @param windows how many each server is followed for
    WarmUps(int windows) {
        this.windows = windows;
    }

    long seconds() {
        return windows * WINDOW.toSeconds();
    }

    void measure(Entrant entrant, Load load) throws IOException, InterruptedException {
        try (Contender contender = entrant.start().start(entrant.name())) {
            MachineLoad machine = MachineLoad.snapshot();
            double firstAnswerMillis = contender.awaitAnswer().toNanos() / 1e6;
            List<Window> measured = new ArrayList<>();
            ThreadTimes before = contender.server().threadTimes();
            for (int i = 0; i < windows; i++) {
                measured.add(window(contender, load, before));
                before = contender.server().threadTimes();
            }
            WarmUp warmUp = new WarmUp(
                    firstAnswerMillis,
                    measured,
                    before.compilerSecondsSince(ThreadTimes.none()),
                    machine.othersCores());
            all.computeIfAbsent(load, _ -> new LinkedHashMap<>()).put(entrant.name(), warmUp);
            Progress.say("  %-40s %-15s %8.1f, %.1f, then %.1f us/request"
                    .formatted(
                            entrant.name(),
                            load.told(),
                            measured.getFirst().cpuMicros(),
                            measured.get(Math.min(1, windows - 1)).cpuMicros(),
                            warmUp.then(Window::cpuMicros)));
        } catch (ServerFailed e) {
            Progress.say(String.valueOf(e.getMessage()));
            failures.add(String.valueOf(e.getMessage()));
        }
    }

    private static Window window(Contender contender, Load load, ThreadTimes before)
            throws IOException, InterruptedException {
        return switch (load) {
            case FULL -> {
                WrkReport report = new Wrk(CONNECTIONS, WINDOW).run(contender.url());
                double micros = contender.server().threadTimes().microsSince(before);
                yield new Window(
                        micros / Math.max(1, report.answered()),
                        report.answered() / (double) WINDOW.toSeconds(),
                        report.p99Millis(),
                        report.errors());
            }
            case QUIET -> {
                Percentiles millis = new Paced(CLIENTS, Duration.ofMillis(1000L * CLIENTS / PACE), WINDOW)
                        .run(contender.address(), contender.path());
                double micros = contender.server().threadTimes().microsSince(before);
                int answered = Math.max(1, millis.sorted().size());
                yield new Window(micros / answered, answered / (double) WINDOW.toSeconds(), millis.at(0.99), 0);
            }
        };
    }

    /// The rows of the servers whose names start with `prefix`, one of them for each figure.
    ///
    /// @param peer the server whose requests/s others' are compared with, window by window
    String text(Load load, String prefix, String peer) {
        Map<String, WarmUp> rows = new LinkedHashMap<>();
        all.getOrDefault(load, Map.of()).forEach((name, warmUp) -> {
            if (name.startsWith(prefix)) {
                rows.put(name.substring(prefix.length()), warmUp);
            }
        });
        if (rows.isEmpty()) {
            return "";
        }
        MarkdownTable table = new MarkdownTable(headings());
        rows.forEach((name, warmUp) -> {
            table.row(cells(name + ": CPU µs", warmUp, Window::cpuMicros, 1));
            if (load == Load.FULL) {
                table.row(cells(name + ": requests/s", warmUp, Window::requestsPerSecond, 0));
            }
            table.row(cells(name + ": p99 ms", warmUp, Window::p99Millis, 1));
        });
        WarmUp other = rows.get(peer);
        StringBuilder text = new StringBuilder(table.toString()).append('\n');
        rows.forEach((name, warmUp) -> text.append(told(load, name, warmUp, name.equals(peer) ? null : other)));
        return text.toString();
    }

    private List<String> headings() {
        List<String> headings = new ArrayList<>(List.of("server: figure"));
        shown().forEach(i ->
                headings.add("%d to %d s".formatted(i * WINDOW.toSeconds(), (i + 1) * WINDOW.toSeconds())));
        headings.add("then");
        return headings;
    }

    private IntStream shown() {
        return SHOWN.stream().mapToInt(i -> i).filter(i -> i < windows);
    }

    private List<String> cells(String name, WarmUp warmUp, ToDoubleFunction<Window> figure, int decimals) {
        String format = "%." + decimals + "f";
        List<String> cells = new ArrayList<>(List.of(name));
        shown().forEach(i -> cells.add(String.format(
                Locale.ROOT, format, figure.applyAsDouble(warmUp.windows().get(i)))));
        cells.add(String.format(Locale.ROOT, format, warmUp.then(figure)));
        return cells;
    }

    /// What the columns don't show: all windows count here.
    private String told(Load load, String name, WarmUp warmUp, @Nullable WarmUp peer) {
        List<Window> later = warmUp.windows().subList(Math.min(1, windows - 1), windows);
        double most = later.stream().mapToDouble(Window::cpuMicros).max().orElse(Double.NaN);
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "- %s: first answer after %.0f ms; compilers %.2f s; CPU a request from the second window on at most %.2f of its own \"then\"",
                name,
                warmUp.firstAnswerMillis(),
                warmUp.compilerSeconds(),
                most / warmUp.then(Window::cpuMicros)));
        if (peer != null && load == Load.FULL) {
            double least = IntStream.range(Math.min(1, windows - 1), windows)
                    .mapToDouble(i -> warmUp.windows().get(i).requestsPerSecond()
                            / peer.windows().get(i).requestsPerSecond())
                    .min()
                    .orElse(Double.NaN);
            text.append(String.format(
                    Locale.ROOT,
                    "; requests/s from then on at least %.2f of the reference's in the same window, %.2f in the end",
                    least,
                    warmUp.then(Window::requestsPerSecond) / peer.then(Window::requestsPerSecond)));
        }
        long errors = warmUp.windows().stream().mapToLong(Window::errors).sum();
        return text + (errors == 0 ? "" : "; " + errors + " errors") + ".\n";
    }

    /// What wasn't measured, and how much of the machine others used meanwhile.
    String othersText() {
        StringBuilder text = new StringBuilder();
        failures.forEach(
                reason -> text.append("\nNot measured: ").append(reason).append('\n'));
        List<Double> others = all.values().stream()
                .flatMap(warmUps -> warmUps.values().stream())
                .map(WarmUp::othersCores)
                .toList();
        if (!others.isEmpty()) {
            text.append("\nCores that other processes kept busy meanwhile: ")
                    .append(Spread.of(others).text(2))
                    .append(".\n");
        }
        return text.toString();
    }
}
