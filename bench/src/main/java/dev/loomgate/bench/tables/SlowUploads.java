package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
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
    private static final int OTHERS = 8;

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
        String told = """
                %d clients send %d bytes each over %d s, one byte at a time, to an application that reads its whole input and answers
                length and CRC-32; meanwhile `wrk -t1 -c%d` asks the same server, one loop, for the article's `/user`.

                """.formatted(UPLOADS, BYTES, setting.effort().uploads().toSeconds(), OTHERS);
        Entrant loomgate = new HelloServers(setting).uploads("Loomgate, 1 loop, HTTP");
        try (Contender contender = loomgate.start().start(loomgate.name())) {
            contender.awaitAnswer();
            return told + measure(contender, setting.effort().uploads());
        } catch (ServerFailed e) {
            return told + "Not measured: " + e.getMessage() + "\n";
        }
    }

    private static String measure(Contender contender, Duration takes) throws IOException, InterruptedException {
        Wrk others = new Wrk(OTHERS, takes.minusSeconds(1));
        contender.load(others);
        MarkdownTable table = new MarkdownTable("/user", "requests/s", "p50 ms", "p99 ms", "errors");
        row(table, "alone", contender.load(others).report());
        List<Future<String>> uploads = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < UPLOADS; i++) {
                SlowUpload upload = new SlowUpload(contender.address(), "/upload", BYTES, takes);
                uploads.add(clients.submit(upload::run));
            }
            row(
                    table,
                    "beside " + UPLOADS + " slow uploads",
                    contender.load(others).report());
            for (Future<String> upload : uploads) {
                if (!upload.get().isEmpty()) {
                    wrong.add(upload.get());
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return table + "\nBodies that arrived whole: " + (UPLOADS - wrong.size()) + " of " + UPLOADS + "."
                + (wrong.isEmpty() ? "" : " First of the others: " + wrong.getFirst()) + "\n";
    }

    private static void row(MarkdownTable table, String name, WrkReport report) {
        Progress.say("  " + name + " " + report);
        table.row(
                name,
                String.format(Locale.ROOT, "%.0f", report.requestsPerSecond()),
                String.format(Locale.ROOT, "%.2f", report.medianMillis()),
                String.format(Locale.ROOT, "%.2f", report.p99Millis()),
                Long.toString(report.errors()));
    }
}
