package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Attack;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.Flood;
import dev.loomgate.bench.harness.MachineLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Paced;
import dev.loomgate.bench.harness.Percentiles;
import dev.loomgate.bench.harness.ProcStat;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// (q) What others notice of somebody who floods a server with HTTP/2.
public final class Floods implements Table {
    private static final int CLIENTS = 20;
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final int RESPONSE = 1600 * 64 * 1024;

    @Override
    public String letter() {
        return "q";
    }

    @Override
    public String title() {
        return "Floods over HTTP/2, and other clients";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        MachineLoad machine = MachineLoad.snapshot();
        Path file = setting.scratch().resolve("flooded");
        Files.write(file, new byte[RESPONSE]);
        MarkdownTable table = new MarkdownTable(
                "attack",
                "p50 ms, calm",
                "p50 ms, attacked",
                "p99 ms, calm",
                "p99 ms, attacked",
                "p99, ×",
                "server's cores",
                "ended a second",
                "sent until the end");
        Entrant entrant = new HelloServers(setting).bulk("Loomgate, 1 loop", file);
        try (Contender contender = entrant.start().start(entrant.name())) {
            contender.awaitAnswer();
            new Paced(CLIENTS, INTERVAL, setting.effort().warmUp()).run(contender.address(), "/");
            for (Attack attack : Attack.values()) {
                if (setting.takes(new Entrant(attack.shown(), entrant.start()))) {
                    table.row(row(attack, contender, setting.effort()));
                }
            }
        } catch (ServerFailed e) {
            return "Not measured: " + e.getMessage() + "\n";
        }
        return """
                One Loomgate of one loop over HTTP in the clear. %d clients ask for hello over HTTP/1.1 at a steady pace, %d times a second
                together; beside them one attacker sends frames as fast as the server reads them (`harness/Attack.java`), and connects again as
                soon as its connection is ended. %d rounds of %d s calm and %d s attacked, in turn; percentiles are of all rounds. "sent until the \
                end" is how often the attack's frames were sent over a connection before the server ended it, at most, with what was in
                the sockets' buffers. Where nothing is ended, streams past `--http2-max-streams` are reset. Each attack has a warm-up. Attacker
                and clients share the machine's cores with the server; the attacker's thread gives way (nice 19).

                """.formatted(
                                CLIENTS,
                                CLIENTS * 1000 / INTERVAL.toMillis(),
                                setting.effort().rounds(),
                                setting.effort().round().toSeconds(),
                                setting.effort().round().toSeconds())
                + table
                + "\nCores that other processes kept busy meanwhile: %.2f.\n".formatted(machine.othersCores());
    }

    private static List<String> row(Attack attack, Contender contender, Effort effort)
            throws IOException, InterruptedException {
        Paced clients = new Paced(CLIENTS, INTERVAL, effort.round());
        List<Double> calm = new ArrayList<>();
        List<Double> attacked = new ArrayList<>();
        List<Integer> ended = new ArrayList<>();
        double ticks = 0;
        warmUp(attack, contender, effort);
        for (int i = 0; i < effort.rounds(); i++) {
            calm.addAll(clients.run(contender.address(), "/").sorted());
            long ticksBefore = contender.server().cpuTicks();
            Flood flood = Flood.start(attack, contender.address());
            try {
                attacked.addAll(clients.run(contender.address(), "/").sorted());
            } finally {
                ended.addAll(flood.end());
            }
            ticks += contender.server().cpuTicks() - ticksBefore;
        }
        double seconds = effort.rounds() * effort.round().toSeconds();
        Percentiles before = Percentiles.of(calm);
        Percentiles during = Percentiles.of(attacked);
        Progress.say("  %-30s p99 %.2f ms, calm %.2f ms".formatted(attack.shown(), during.at(0.99), before.at(0.99)));
        return List.of(
                attack.shown(),
                two(before.at(0.5)),
                two(during.at(0.5)),
                two(before.at(0.99)),
                two(during.at(0.99)),
                two(during.at(0.99) / before.at(0.99)),
                two(ticks / ProcStat.TICKS_PER_SECOND / seconds),
                "%.0f".formatted(ended.size() / seconds),
                ended.isEmpty()
                        ? "-"
                        : Integer.toString(ended.stream().mapToInt(i -> i).max().orElse(0)));
    }

    // The server's code for what the attack does is compiled then.
    private static void warmUp(Attack attack, Contender contender, Effort effort)
            throws IOException, InterruptedException {
        Flood flood = Flood.start(attack, contender.address());
        try {
            new Paced(CLIENTS, INTERVAL, effort.warmUp()).run(contender.address(), "/");
        } finally {
            flood.end();
        }
    }

    private static String two(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }
}
