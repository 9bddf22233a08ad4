package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveRequest;
import dev.loomgate.cli.live.LiveServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The requests that run, the oldest first: where each is, its stack on a click, and its end.
record RequestsPanel(LiveServer live) implements Panel {
    /// So many are sent, and the number of all. Who waits longest is what one looks for.
    static final int MOST = 200;

    /// @param id for the stack and for cancelling
    /// @param requestId in the log
    /// @param age in milliseconds
    private record Row(
            String id,
            String requestId,
            long age,
            String method,
            String target,
            String client,
            String application,
            String place,
            String state) {
        Row(LiveRequest request) {
            this(
                    request.id(),
                    request.requestId(),
                    request.age().toMillis(),
                    Excerpt.of(request.method()),
                    Excerpt.of(request.target()),
                    Excerpt.of(request.client()),
                    request.application(),
                    request.place(),
                    request.state());
        }
    }

    private record Figures(int running, List<Row> oldest) {}

    private record Stack(String stack) {}

    @Override
    public String name() {
        return "requests";
    }

    @Override
    public Object figures(LiveServer.Moment moment) throws InterruptedException {
        List<Row> oldest = live.requests(MOST).stream().map(Row::new).toList();
        return new Figures(Math.max(live.inFlight(), oldest.size()), oldest);
    }

    @Override
    public Optional<?> detail(String subject) throws InterruptedException {
        return live.stack(subject).map(Stack::new);
    }

    @Override
    public Map<String, Action> actions() {
        return Map.of(
                "cancel",
                id -> live.cancel(id, "the dashboard")
                        ? Optional.of("request " + id + " is cancelled")
                        : Optional.empty());
    }
}
