package dev.loomgate.cli.control;

import dev.loomgate.cli.log.LogLine;
import dev.loomgate.cli.log.LogTail;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The log as it is written, until the client leaves or the server stops; in JSON an object a line.
final class Followed {
    private static final int MOST_WAITING = 1000;
    private static final Optional<LogLine> END = Optional.empty();

    private final LogTail log;
    private final int most;
    private final Form form;
    private final BlockingQueue<Optional<LogLine>> lines = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile boolean over;

    /// @param most so many lines before, at most
    Followed(LogTail log, int most, Form form) {
        this.log = log;
        this.most = most;
        this.form = form;
    }

    Response response(Environ environ) {
        environ.clientGone().ifPresent(gone -> gone.thenRun(this::end));
        environ.stopping().ifPresent(stop -> stop.thenRun(this::end));
        return Response.stream(form.json() ? "application/x-ndjson" : "text/plain", this::writeTo);
    }

    private void end() {
        over = true;
        lines.clear();
        lines.add(END);
    }

    private void writeTo(BodyWriter writer) throws Exception {
        try (LogTail.Following _ = log.follow(most, this::add)) {
            Optional<LogLine> line = lines.take();
            while (!over && line.isPresent()) {
                writer.write(written(line.get()));
                line = lines.take();
            }
        }
    }

    // In the tail's thread, which leaves out lines while it waits here.
    private void add(LogLine line) {
        try {
            while (!over && !lines.offer(Optional.of(line), 1, TimeUnit.SECONDS)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] written(LogLine line) {
        return (form.json() ? Form.jsonText(ControlApplication.row(line)) + "\n" : Form.plain(line))
                .getBytes(StandardCharsets.UTF_8);
    }
}
