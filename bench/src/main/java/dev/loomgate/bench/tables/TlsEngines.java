package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.Downloads;
import dev.loomgate.bench.harness.Handshakes;
import dev.loomgate.bench.harness.LoadGenerator;
import dev.loomgate.bench.harness.MachineLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.SelfSigned;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.harness.TlsNginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// (o) What a handshake and a hundred megabytes cost in each of the engines for TLS, beside nginx with OpenSSL.
public final class TlsEngines implements Table {
    private static final int BULK = 1600 * 64 * 1024;
    private static final double MEGABYTES = BULK / 1e6;
    private static final int DOWNLOADS = 4;
    private static final int MOST_WARM_UPS = 6;
    private static final String NGINX = "nginx, 1 worker";

    /// Rounds of a server, by what was done.
    private record Row(String server, SelfSigned.Key key, Map<String, List<Round>> rounds) {}

    @Override
    public String letter() {
        return "o";
    }

    @Override
    public String title() {
        return "Engines for TLS: handshakes and bulk";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        MachineLoad machine = MachineLoad.snapshot();
        Path file = bulk(setting.scratch());
        List<Row> rows = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (SelfSigned.Key key : SelfSigned.Key.values()) {
            Progress.say(key.shown());
            SelfSigned certificate = SelfSigned.make(setting.scratch(), key);
            rows.addAll(race(setting, entrants(setting, certificate, file), key, failures));
        }
        return text(rows, failures)
                + "\nCores that other processes kept busy meanwhile: %.2f.\n".formatted(machine.othersCores());
    }

    private static Path bulk(Path folder) throws IOException {
        Path file = folder.resolve("bulk");
        byte[] piece = new byte[BULK / 100];
        new Random(1).nextBytes(piece);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 100; i++) {
                out.write(piece);
            }
        }
        return file;
    }

    private static List<Entrant> entrants(Setting setting, SelfSigned certificate, Path file) {
        HelloServers servers = new HelloServers(setting);
        return List.of(
                        servers.bulk("Loomgate, 1 loop, BoringSSL", certificate, "openssl", file),
                        servers.bulk("Loomgate, 1 loop, JDK's TLS", certificate, "jdk", file),
                        new Entrant(NGINX, name -> {
                            Address address = Address.freeForTls();
                            return new Contender(
                                    TlsNginx.start(name, setting.scratch(), address, certificate, Hello.TEXT, file),
                                    address,
                                    "/",
                                    Hello.TEXT);
                        }))
                .stream()
                .filter(setting::takes)
                .toList();
    }

    /// All at once, loaded in turn.
    private static List<Row> race(Setting setting, List<Entrant> entrants, SelfSigned.Key key, List<String> failures)
            throws IOException, InterruptedException {
        Effort effort = setting.effort();
        Map<String, LoadGenerator> loads = new LinkedHashMap<>();
        loads.put("full", new Handshakes(false, effort.round()));
        loads.put("resumed", new Handshakes(true, effort.round()));
        loads.put("file", new Downloads("/file", DOWNLOADS, BULK));
        loads.put("stream", new Downloads("/stream", DOWNLOADS, BULK));
        List<Contender> contenders = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        try {
            for (Entrant entrant : entrants) {
                Contender contender = entrant.start().start(entrant.name());
                contenders.add(contender);
                try {
                    contender.awaitAnswer();
                    warmUp(contender, loads, effort);
                    rows.add(new Row(entrant.name(), key, new LinkedHashMap<>()));
                } catch (ServerFailed e) {
                    failures.add(String.valueOf(e.getMessage()));
                    contenders.removeLast().close();
                }
            }
            for (Map.Entry<String, LoadGenerator> load : loads.entrySet()) {
                for (int i = 1; i <= effort.rounds(); i++) {
                    Progress.say(load.getKey() + ", round " + i + " of " + effort.rounds());
                    for (int each = 0; each < rows.size(); each++) {
                        if (takes(rows.get(each).server(), load.getKey())) {
                            Round round = contenders.get(each).load(load.getValue());
                            Progress.say("  %-40s %12.1f us %s"
                                    .formatted(
                                            rows.get(each).server(),
                                            round.cpuMicros(),
                                            round.report().complaints()));
                            rows.get(each)
                                    .rounds()
                                    .computeIfAbsent(load.getKey(), _ -> new ArrayList<>())
                                    .add(round);
                        }
                    }
                }
            }
            return rows;
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private static void warmUp(Contender contender, Map<String, LoadGenerator> loads, Effort effort)
            throws IOException, InterruptedException {
        for (boolean resumed : List.of(false, true)) {
            long done = 0;
            for (int i = 0; i < MOST_WARM_UPS && done < effort.warmHandshakes(); i++) {
                done += contender
                        .load(new Handshakes(resumed, effort.warmUp()))
                        .report()
                        .answered();
            }
        }
        for (Map.Entry<String, LoadGenerator> load : loads.entrySet()) {
            if (takes(contender.name(), load.getKey())) {
                contender.load(load.getValue());
            }
        }
    }

    // nginx has no application.
    private static boolean takes(String server, String load) {
        return !server.equals(NGINX) || !load.equals("stream");
    }

    private static String text(List<Row> rows, List<String> failures) {
        MarkdownTable table = new MarkdownTable(
                "server",
                "key",
                "full handshake, CPU µs",
                "a core's full/s",
                "resumed, CPU µs",
                "a core's resumed/s",
                "a core's MB/s, file",
                "a core's MB/s, stream",
                "errors");
        for (Row row : rows) {
            table.row(
                    row.server(),
                    row.key().shown(),
                    micros(row, "full").text(0),
                    rate(micros(row, "full"), 1),
                    micros(row, "resumed").text(0),
                    rate(micros(row, "resumed"), 1),
                    rate(micros(row, "file"), MEGABYTES),
                    takes(row.server(), "stream") ? rate(micros(row, "stream"), MEGABYTES) : "-",
                    Long.toString(row.rounds().values().stream()
                            .flatMap(List::stream)
                            .mapToLong(round -> round.report().errors())
                            .sum()));
        }
        StringBuilder text = new StringBuilder("""
                TLS 1.3. A handshake is one of `openssl s_time -www /`: a connection, one request for `/` over HTTP/1.0, the end; one after the
                other, %s. Bulk is `curl` getting 105 MB %d times over one connection, with AES-128-GCM: `/file` from the disk's
                cache, `/stream` in pieces of 64 KiB by the application. What is measured is the server's CPU; "a core's" is what one core
                could do in a second at that price, by the median and, in parentheses, the least. nginx is Debian's, with its OpenSSL.

                """.formatted("resumed by a session ticket or in full", DOWNLOADS));
        text.append(table);
        failures.forEach(
                reason -> text.append("\nNot measured: ").append(reason).append('\n'));
        return text.toString();
    }

    private static Spread micros(Row row, String load) {
        return Spread.of(row.rounds().getOrDefault(load, List.of()).stream()
                .map(Round::cpuMicros)
                .toList());
    }

    private static String rate(Spread micros, double each) {
        return String.format(Locale.ROOT, "%.0f (%.0f)", each * 1e6 / micros.median(), each * 1e6 / micros.min());
    }
}
