package dev.loomgate.cli.control;

import dev.loomgate.cli.live.LiveRequest;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.ServerActions;
import dev.loomgate.cli.log.LogLine;
import dev.loomgate.cli.log.LogTail;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The commands, by HTTP: what is asked for is text for a terminal, or JSON for `Accept: application/json`.
///
/// | request | what |
/// |---|---|
/// | `GET /status`, `/requests?most=N`, `/workers` | what is to be seen |
/// | `GET /requests/ID/stack`, `POST /requests/ID/cancel` | one request |
/// | `POST /workers/add`, `/workers/remove`, `/workers/reload`, `/workers/N/kill` | Python workers |
/// | `POST /reload`, `/drain`, `/undrain`, `/pause`, `/resume`, `/stop`, `/stop/now`, `/dump` | the server |
/// | `GET /logs?most=N`, `/logs/follow?most=N` | the last lines; and those that come |
final class ControlApplication implements Application {
    private static final String WHY = "loomgate ctl";
    private static final String NO_WORKERS = "there are no workers: no Python application is served";
    private static final Set<String> OF_WORKERS = Set.of("workers/add", "workers/remove", "workers/reload");
    private static final int MOST = 1000;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final LiveServer live;
    private final ServerActions actions;
    private final LogTail log;
    private final StatusReport status;

    /// @param version of the program
    ControlApplication(LiveServer live, ServerActions actions, LogTail log, String version) {
        this.live = live;
        this.actions = actions;
        this.log = log;
        this.status = new StatusReport(live, actions, version);
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        try (Request request = new Request(environ)) {
            return answer(request).call(environ, startResponse);
        }
    }

    private Response answer(Request request) throws InterruptedException {
        Form form = Form.of(request);
        List<String> words = List.of(request.path().substring(1).split("/"));
        boolean post = request.method().equals("POST");
        try {
            return (post ? done(words, form) : seen(words, request, form))
                    .orElseGet(() ->
                            form.problem(NOT_FOUND, "there is no command " + request.method() + " " + request.path()));
        } catch (IllegalStateException e) {
            return form.problem(UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private Optional<Response> seen(List<String> words, Request request, Form form) throws InterruptedException {
        int most = most(request);
        return switch (String.join("/", words)) {
            case "status" -> Optional.of(form.facts(status.facts()));
            case "requests" ->
                Optional.of(form.table(
                        live.requests(most).stream()
                                .map(ControlApplication::row)
                                .toList(),
                        "no request is in flight"));
            case "workers" -> Optional.of(form.table(status.workers(), NO_WORKERS));
            case "logs" -> Optional.of(form.lines(log.lines(most)));
            case "logs/follow" -> Optional.of(new Followed(log, most, form).response(request.environ()));
            default ->
                words.size() == 3
                                && words.get(0).equals("requests")
                                && words.get(2).equals("stack")
                        ? Optional.of(stack(words.get(1), form))
                        : Optional.empty();
        };
    }

    private static int most(Request request) {
        try {
            return Math.clamp(Integer.parseInt(request.args().get("most", "")), 0, LogTail.MAX_LINES);
        } catch (NumberFormatException e) {
            return MOST;
        }
    }

    private static Map<String, Object> row(LiveRequest request) {
        return Form.row(
                "id", request.id(),
                "age", Form.seconds(request.age()),
                "method", request.method(),
                "path", request.target(),
                "client", request.client(),
                "application", request.application(),
                "place", request.place(),
                "state", request.state(),
                "request_id", request.requestId());
    }

    private Response stack(String id, Form form) throws InterruptedException {
        return live.stack(id).map(text -> form.text("stack", text)).orElseGet(() -> noRequest(id, form));
    }

    private static Response noRequest(String id, Form form) {
        return form.problem(NOT_FOUND, "no request " + id + " is in flight: it has ended, or there was none");
    }

    private Optional<Response> done(List<String> words, Form form) throws InterruptedException {
        String command = String.join("/", words);
        if (live.programs().isEmpty() && OF_WORKERS.contains(command)) {
            return Optional.of(form.problem(NOT_FOUND, NO_WORKERS));
        }
        String said =
                switch (command) {
                    case "reload" ->
                        actions.reload(WHY)
                                ? "the applications are being reloaded"
                                : "there is no Python application to reload; Java applications need a restart, or"
                                        + " --touch-reload";
                    case "workers/reload" -> {
                        actions.replaceWorkers(true, WHY);
                        yield "the workers are being replaced, one after the other";
                    }
                    case "workers/add" -> {
                        actions.changeWorkers(1);
                        yield "one worker more, within --processes";
                    }
                    case "workers/remove" -> {
                        actions.changeWorkers(-1);
                        yield "one worker fewer";
                    }
                    case "drain" -> {
                        actions.drain(true, WHY);
                        yield "the server is not ready any more, and has clients go; requests in flight: "
                                + live.inFlight();
                    }
                    case "undrain" -> {
                        actions.drain(false, WHY);
                        yield "the server is ready again";
                    }
                    case "pause" -> {
                        actions.suspend(true, WHY);
                        yield "new connections wait; requests in flight: " + live.inFlight();
                    }
                    case "resume" -> {
                        actions.suspend(false, WHY);
                        yield "connections are served again";
                    }
                    case "stop" -> {
                        actions.stop(false, WHY);
                        yield "the server stops when its requests are answered";
                    }
                    case "stop/now" -> {
                        actions.stop(true, WHY);
                        yield "the server stops at once";
                    }
                    default -> "";
                };
        if (!said.isEmpty()) {
            return Optional.of(form.text("done", said));
        }
        if (words.equals(List.of("dump"))) {
            return Optional.of(form.text("dump", actions.dump()));
        }
        return words.size() == 3 ? one(words.get(0) + " " + words.get(2), words.get(1), form) : Optional.empty();
    }

    private Optional<Response> one(String what, String id, Form form) throws InterruptedException {
        return switch (what) {
            case "requests cancel" ->
                Optional.of(
                        live.cancel(id, WHY)
                                ? form.text("done", "request " + id + " is cancelled")
                                : noRequest(id, form));
            case "workers kill" -> Optional.of(kill(id, form));
            default -> Optional.empty();
        };
    }

    private Response kill(String worker, Form form) throws InterruptedException {
        boolean killed = false;
        try {
            killed = live.killWorker(Long.parseLong(worker), WHY);
        } catch (NumberFormatException e) {
            // No worker has that for its number.
        }
        return killed
                ? form.text("done", "worker " + worker + " is killed")
                : form.problem(
                        NOT_FOUND, "there is no worker " + worker + ": it takes its number, or its process's id");
    }

    static Map<String, Object> row(LogLine line) {
        return Form.row(
                "time", line.time().toString(),
                "level", line.level(),
                "request_id", line.requestId(),
                "text", line.text());
    }
}
