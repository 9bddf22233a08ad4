package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.log.LogLine;
import dev.loomgate.cli.log.LogTail;
import java.util.List;
import java.util.Optional;

/// The last lines of the log and the access log, and all that are kept of one request. Lines are kept from when a page
/// is first opened.
record LogPanel(LogTail tail) implements Panel {
    private static final int LAST = 20;

    /// @param time in milliseconds since 1970
    /// @param request its id; empty for none
    private record Line(long time, String level, String text, String request) {
        static Line whole(LogLine line) {
            return new Line(line.time().toEpochMilli(), line.level(), line.text(), line.requestId());
        }

        static Line start(LogLine line) {
            String text = line.text().lines().findFirst().orElse("");
            return new Line(line.time().toEpochMilli(), line.level(), Excerpt.of(text), line.requestId());
        }
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Object figures(LiveServer.Moment moment) {
        return tail.start().lines(LAST).stream().map(Line::start).toList();
    }

    @Override
    public Optional<?> detail(String subject) {
        List<Line> lines = tail.ofRequest(subject).stream().map(Line::whole).toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
    }
}
