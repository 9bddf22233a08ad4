package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MachineLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Paced;
import dev.loomgate.bench.harness.Percentiles;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.SlowUpload;
import dev.loomgate.bench.harness.Wrk;
import dev.loomgate.bench.harness.WrkReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// (f) Slow uploads beside quick requests, on one loop: the question that the article closes with.
public final class SlowUploads implements Table {
    private static final int UPLOADS = 500;
    private static final int BYTES = 100;
    private static final int EAGER = 8;
    private static final int CALM = 20;
    private static final Duration PACE = Duration.ofMillis(20);

    @Override
    public String letter() {
        return "f";
    }

    @Override
    public String title() {
        return "Slow uploads";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Duration takes = setting.effort().uploads();
        String told = """
                %d clients send %d bytes each over %d s, one byte at a time, to an application that reads its whole input and answers
                length and CRC-32; meanwhile others ask the same server, one loop, for the article's `/user`: `wrk -t1 -c%d` as fast as
                it can, or %d clients that ask every %d ms, counted from when each request was due.

                """.formatted(UPLOADS, BYTES, takes.toSeconds(), EAGER, CALM, PACE.toMillis());
        Entrant loomgate = new HelloServers(setting).uploads("Loomgate, 1 loop, HTTP");
        try (Contender contender = loomgate.start().start(loomgate.name())) {
            contender.awaitAnswer();
            return told + measure(contender, takes);
        } catch (ServerFailed e) {
            return told + "Not measured: " + e.getMessage() + "\n";
        }
    }

    private static String measure(Contender contender, Duration takes) throws IOException, InterruptedException {
        Wrk eager = new Wrk(EAGER, takes.minusSeconds(1));
        Paced calm = new Paced(CALM, PACE, takes.minusSeconds(1));
        contender.load(eager);
        calm.run(contender.address(), HelloServers.USER);
        MarkdownTable table = new MarkdownTable("/user", "p50 ms", "p99 ms", "errors", "others' cores");
        List<String> wrong = new ArrayList<>();
        calm(table, "calm, alone", contender, calm);
        beside(
                contender,
                takes,
                wrong,
                () -> calm(table, "calm, beside " + UPLOADS + " slow uploads", contender, calm));
        eager(table, "eager, alone", contender, eager);
        beside(
                contender,
                takes,
                wrong,
                () -> eager(table, "eager, beside " + UPLOADS + " slow uploads", contender, eager));
        return table + "\nBodies that arrived whole: " + (2 * UPLOADS - wrong.size()) + " of " + 2 * UPLOADS + "."
                + (wrong.isEmpty() ? "" : " First of the others: " + wrong.getFirst()) + "\n";
    }

    private interface Measurement {
        void run() throws IOException, InterruptedException;
    }

    private static void beside(Contender contender, Duration takes, List<String> wrong, Measurement measurement)
            throws IOException, InterruptedException {
        List<Future<String>> uploads = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < UPLOADS; i++) {
                SlowUpload upload = new SlowUpload(contender.address(), "/upload", BYTES, takes);
                uploads.add(clients.submit(upload::run));
            }
            measurement.run();
            for (Future<String> upload : uploads) {
                if (!upload.get().isEmpty()) {
                    wrong.add(upload.get());
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eager(MarkdownTable table, String name, Contender contender, Wrk wrk)
            throws IOException, InterruptedException {
        Round round = contender.load(wrk);
        WrkReport report = round.report();
        row(table, name, report.medianMillis(), report.p99Millis(), report.errors(), round.othersCores());
    }

    private static void calm(MarkdownTable table, String name, Contender contender, Paced paced)
            throws IOException, InterruptedException {
        MachineLoad machine = MachineLoad.snapshot();
        Percentiles millis = paced.run(contender.address(), HelloServers.USER);
        row(table, name, millis.at(0.5), millis.at(0.99), 0, machine.othersCores());
    }

    private static void row(
            MarkdownTable table, String name, double medianMillis, double p99Millis, long errors, double othersCores) {
        Progress.say("  %-36s p50 %.2f ms, p99 %.2f ms".formatted(name, medianMillis, p99Millis));
        table.row(name, two(medianMillis), two(p99Millis), Long.toString(errors), two(othersCores));
    }

    private static String two(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }
}
