package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Command;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.harness.Wrk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// (e) From the start of the process to the first answer, and resident memory.
public final class StartUp implements Table {
    private static final int CONNECTIONS = 64;
    private static final String LAUNCHER = "./loomgate demo, `/user`";
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);

    /// One start of one server; megabytes of resident memory after the first answer and after load.
    private record Start(double millis, double residentMb, double loadedMb) {}

    @Override
    public String letter() {
        return "e";
    }

    @Override
    public String title() {
        return "Start to first answer, and memory";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        HelloServers servers = new HelloServers(setting);
        List<Entrant> entrants = Stream.concat(
                        servers.peers().stream(),
                        Stream.of(servers.loomgate("loop", "epoll"), servers.launcher(LAUNCHER)))
                .filter(setting::takes)
                .toList();
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        Map<String, String> failures = new LinkedHashMap<>();
        if (!launcherIsBuilt(setting)) {
            failures.put(LAUNCHER, LAUNCHER + " could not be built");
            entrants = entrants.stream()
                    .filter(entrant -> !entrant.name().equals(LAUNCHER))
                    .toList();
        }
        for (int i = 1; i <= setting.effort().starts(); i++) {
            Progress.say("start " + i + " of " + setting.effort().starts());
            for (Entrant entrant : entrants) {
                try {
                    starts.computeIfAbsent(entrant.name(), _ -> new ArrayList<>())
                            .add(start(entrant, setting.effort()));
                } catch (ServerFailed e) {
                    failures.put(entrant.name(), String.valueOf(e.getMessage()));
                }
            }
        }
        return """
                Process started to first `200`, in turn, %d times each; then `wrk -t1 -c%d` for %d s. Default heap of this \
                machine, so
                memory after load is what the collector chose to take.

                """.formatted(
                                setting.effort().starts(),
                                CONNECTIONS,
                                setting.effort().round().toSeconds())
                + table(starts)
                + String.join(
                        "",
                        failures.values().stream()
                                .map(reason -> "\nNot measured: " + reason + "\n")
                                .toList());
    }

    /// Builds what is missing, so that it isn't measured as a start.
    private static boolean launcherIsBuilt(Setting setting) throws InterruptedException {
        try {
            Command.output(List.of(setting.root().resolve("loomgate").toString(), "--version"), BUILD_LIMIT);
            return true;
        } catch (IOException e) {
            Progress.say(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private static Start start(Entrant entrant, Effort effort) throws IOException, InterruptedException, ServerFailed {
        try (Contender contender = entrant.start().start(entrant.name())) {
            double millis = contender.awaitAnswer().toNanos() / 1e6;
            double residentMb = residentMb(contender);
            contender.load(new Wrk(CONNECTIONS, effort.round()));
            return new Start(millis, residentMb, residentMb(contender));
        }
    }

    private static double residentMb(Contender contender) throws IOException {
        return contender.server().status().residentKib() / 1024.0;
    }

    private static MarkdownTable table(Map<String, List<Start>> starts) {
        MarkdownTable table = new MarkdownTable("server", "first answer after ms", "MB after it", "MB after load");
        starts.forEach((name, all) -> {
            if (!all.isEmpty()) {
                table.row(
                        name,
                        Spread.of(all.stream().map(Start::millis).toList()).text(0),
                        Spread.of(all.stream().map(Start::residentMb).toList()).text(0),
                        Spread.of(all.stream().map(Start::loadedMb).toList()).text(0));
            }
        });
        return table;
    }
}
