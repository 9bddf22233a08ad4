package dev.loomgate.server.observe;

import dev.loomgate.server.AccessLine;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.AccessLogRules;
import dev.loomgate.server.exchange.ObservedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The lines of a loop's requests. Loop side only; [AccessLogWriter] gets them in blocks.
public final class AccessLog implements RequestObserver {
    /// A request with this log variable has no line.
    private static final String NO_LINE = "loomgate.no_log";

    private static final int FULL = 16 * 1024;

    private final LineForm form;
    private final boolean takesRoutes;
    private final boolean all;
    private final AccessLogRules rules;
    private final AccessLogWriter writer;
    private final StringBuilder lines = new StringBuilder(2 * FULL);
    private List<AccessLine> told = new ArrayList<>();
    private int count;

    /// @param all whether all requests have a line, and not only those to which a rule applies
    public AccessLog(AccessLogFormat format, boolean all, AccessLogRules rules, AccessLogWriter writer) {
        this.form = form(format);
        this.takesRoutes = format.namesRoutes();
        this.all = all;
        this.rules = rules;
        this.writer = writer;
    }

    private static LineForm form(AccessLogFormat format) {
        Client client = new Client(format.forwardedFor());
        return switch (format.kind()) {
            case TEXT -> new TextLine(client, format.micros(), format.requestIds());
            case JSON -> new JsonLine(client);
            case PATTERN -> new PatternLine(format, client);
        };
    }

    @Override
    public void begun(ObservedRequest request) {
        // A request's line is written at its end.
        if (takesRoutes) {
            request.takingRoute();
        }
    }

    @Override
    public void finished(ObservedRequest request, RequestOutcome outcome) {
        Map<String, String> wanted = request.logVariablesIfAny();
        if (wanted != null && wanted.containsKey(NO_LINE)) {
            return;
        }
        if (!all && !isSingledOut(outcome)) {
            return;
        }
        LoggedRequest logged = LoggedRequest.now(request, outcome);
        int begin = lines.length();
        form.append(lines, logged);
        count++;
        if (writer.isWatched()) {
            told.add(new AccessLine(
                    Instant.ofEpochSecond(0, logged.endMicros() * 1000),
                    outcome.status(),
                    lines.substring(begin, lines.length() - 1),
                    request.requestId()));
        }
        if (lines.length() >= FULL) {
            flush();
        }
    }

    private boolean isSingledOut(RequestOutcome outcome) {
        int hundreds = outcome.status() / 100;
        return (rules.clientErrors() && hundreds == 4)
                || (rules.serverErrors() && hundreds == 5)
                || (rules.slow().isPositive() && outcome.nanos() >= rules.slow().toNanos())
                || (rules.bigBytes() > 0 && outcome.bytesSent() >= rules.bigBytes())
                || (rules.empty() && outcome.bytesSent() == 0)
                || (rules.files() && outcome.isFile())
                || (rules.cutOff() && outcome.isCutOff());
    }

    /// Hands the lines over.
    @Override
    public void flush() {
        if (count > 0) {
            writer.add(lines.toString().getBytes(StandardCharsets.UTF_8), count, told);
            if (!told.isEmpty()) {
                told = new ArrayList<>();
            }
            lines.setLength(0);
            if (lines.capacity() > 8 * FULL) {
                lines.trimToSize(); // after a long line
                lines.ensureCapacity(2 * FULL);
            }
            count = 0;
        }
    }
}
