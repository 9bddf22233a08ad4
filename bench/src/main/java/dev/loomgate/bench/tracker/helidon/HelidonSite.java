package dev.loomgate.bench.tracker.helidon;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.loomgate.bench.tracker.Draft;
import dev.loomgate.bench.tracker.Filter;
import dev.loomgate.bench.tracker.Inputs;
import dev.loomgate.bench.tracker.Login;
import dev.loomgate.bench.tracker.Page;
import dev.loomgate.bench.tracker.Problem;
import dev.loomgate.bench.tracker.Protection;
import dev.loomgate.bench.tracker.standin.MultiPart;
import dev.loomgate.tracker.Attachment;
import dev.loomgate.tracker.Database;
import dev.loomgate.tracker.Issue;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.http.media.jackson.JacksonRuntimeException;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Pages, API and events of the tracker.
public final class HelidonSite {
    private static final int MAX_UPLOAD_BYTES = 1_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName TOKEN = HeaderNames.create("X-CSRF-Token");
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Database database;
    private final Sessions sessions = new Sessions();
    private final Set<BlockingQueue<SseEvent>> listeners = ConcurrentHashMap.newKeySet();
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, getClass().getClassLoader(), "dev.loomgate.bench.tracker.templates");

    // Shown again with what is wrong where a form is refused.
    private final Map<String, Handler> forms =
            Map.of("/", this::list, "/issues/{id:\\d+}", this::issue, "/login", this::logInPage);

    private HelidonSite(Database database) {
        this.database = database;
    }

    /// The whole program, except where it listens.
    public static WebServerConfig.Builder server(Database database) {
        return WebServer.builder().maxPayloadSize(MAX_UPLOAD_BYTES).routing(new HelidonSite(database)::route);
    }

    private void route(HttpRouting.Builder routing) {
        routing.addFilter(this::guard)
                .get("/", this::list)
                .post("/", (request, response) -> page(response, add(request).id()))
                .get("/issues/{id:\\d+}", this::issue)
                .post(
                        "/issues/{id:\\d+}",
                        (request, response) -> page(response, change(request).id()))
                .post("/issues/{id:\\d+}/attachments", this::attach)
                .get("/attachments/{id:\\d+}", this::download)
                .get("/login", this::logInPage)
                .post("/login", this::logIn)
                .post("/logout", this::logOut)
                .get("/events", this::events)
                .get("/api/issues", (request, response) -> response.send(issues(request)))
                .post("/api/issues", (request, response) -> {
                    Issue made = add(request);
                    response.status(201)
                            .header(HeaderNames.LOCATION, "/api/issues/" + made.id())
                            .send(made);
                })
                .get("/api/issues/{id:\\d+}", (request, response) -> response.send(found(id(request))))
                .put("/api/issues/{id:\\d+}", (request, response) -> response.send(change(request)))
                .delete("/api/issues/{id:\\d+}", this::remove)
                .error(Refused.class, this::refuse)
                .error(
                        JacksonRuntimeException.class,
                        (request, response, e) ->
                                refuse(request, response, new Refused(400, "The JSON is wrong.", Map.of())));
    }

    private void guard(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Protection.headers().forEach(response::header);
        if (!request.prologue().method().equals(Method.GET)) {
            Form form = Form.read(request);
            request.context().register(form);
            String token = request.headers().first(TOKEN).orElse(form.fields().get("csrf_token"));
            if (!Protection.isToken(
                    sessions.find(request).map(session -> session.get("csrf")).orElse(null), token)) {
                throw new Refused(403, "The page that sent this is too old, or cookies are off.", Map.of());
            }
            if (user(request).isEmpty() && !request.path().path().equals("/login")) {
                throw new Refused(403, "Log in first.", Map.of());
            }
        }
        chain.proceed();
    }

    private String user(ServerRequest request) {
        return sessions.find(request).map(session -> session.get("user")).orElse("");
    }

    private static long id(ServerRequest request) {
        return Long.parseLong(request.path().pathParameters().get("id"));
    }

    private static Map<String, String> form(ServerRequest request) {
        return request.context().get(Form.class).map(Form::fields).orElse(Map.of());
    }

    private void list(ServerRequest request, ServerResponse response) throws SQLException {
        render(request, response, "list.jte", Map.of("issues", issues(request)));
    }

    private void issue(ServerRequest request, ServerResponse response) throws SQLException {
        Issue issue = found(id(request));
        render(request, response, "issue.jte", Map.of("issue", issue, "attachments", database.attachments(issue.id())));
    }

    private void logInPage(ServerRequest request, ServerResponse response) {
        render(request, response, "login.jte", Map.of());
    }

    private void render(ServerRequest request, ServerResponse response, String template, Map<String, Object> values) {
        String nonce = UUID.randomUUID().toString();
        response.headers().set(POLICY, Protection.policy(nonce));
        Map<String, Object> all = new HashMap<>(values);
        all.put(
                "page",
                new Page(
                        user(request),
                        () -> token(request, response),
                        nonce,
                        form(request)::get,
                        request.context()
                                .get(Refused.class)
                                .map(Refused::errors)
                                .orElse(Map.of())));
        TemplateOutput output = new StringOutput();
        templates.render(template, all, output);
        response.headers().contentType(HttpMediaType.create("text/html; charset=utf-8"));
        response.send(output.toString());
    }

    private String token(ServerRequest request, ServerResponse response) {
        return sessions.find(request)
                .orElseGet(() -> sessions.renew(request, response))
                .computeIfAbsent("csrf", _ -> UUID.randomUUID().toString());
    }

    private static void redirect(ServerResponse response, String location) {
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, location)
                .send();
    }

    private static void page(ServerResponse response, long id) {
        redirect(response, "/issues/" + id);
    }

    private void logIn(ServerRequest request, ServerResponse response) throws Exception {
        Login login =
                checked(422, new Login(form(request).get("name"), form(request).get("password")));
        if (!database.knows(login.name(), login.password())) {
            throw new Refused(422, "The password is wrong.", Map.of("password", "is not right"));
        }
        sessions.renew(request, response).put("user", login.name());
        redirect(response, "/");
    }

    private void logOut(ServerRequest request, ServerResponse response) {
        sessions.end(request);
        redirect(response, "/");
    }

    private void attach(ServerRequest request, ServerResponse response) throws SQLException {
        Issue issue = found(id(request));
        MultiPart.ReadablePart file = request.context()
                .get(Form.class)
                .flatMap(Form::file)
                .orElseThrow(() -> new Refused(422, "Choose a file.", Map.of()));
        database.attach(issue.id(), file.fileName().orElseThrow(), file.content());
        page(response, issue.id());
    }

    private void download(ServerRequest request, ServerResponse response) throws SQLException {
        Attachment attachment = database.attachment(id(request)).orElseThrow(Refused::notFound);
        String name =
                URLEncoder.encode(attachment.name(), StandardCharsets.UTF_8).replace("+", "%20");
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''" + name);
        response.headers().contentType(MediaTypes.APPLICATION_OCTET_STREAM);
        response.send(database.content(attachment.id()).orElseThrow(Refused::notFound));
    }

    private void events(ServerRequest request, ServerResponse response) throws InterruptedException {
        BlockingQueue<SseEvent> queue = new ArrayBlockingQueue<>(100);
        SseEvent heartbeat = SseEvent.builder().comment("").build();
        queue.add(heartbeat); // so that the client knows
        listeners.add(queue);
        try (SseSink sink = response.sink(SseSink.TYPE)) {
            while (true) {
                SseEvent event = queue.poll(HEARTBEAT.toSeconds(), TimeUnit.SECONDS);
                sink.emit(event == null ? heartbeat : event);
            }
        } finally {
            listeners.remove(queue);
        }
    }

    private List<Issue> issues(ServerRequest request) throws SQLException {
        Filter filter = filter(request);
        return database.issues(filter.state(), filter.page());
    }

    private static Filter filter(ServerRequest request) {
        try {
            return checked(
                    400,
                    new Filter(
                            request.query().first("state").map(Issue.State::valueOf),
                            request.query().first("page").map(Integer::parseInt).orElse(1)));
        } catch (IllegalArgumentException _) {
            throw new Refused(400, "A value is wrong.", Map.of());
        }
    }

    private Issue found(long id) throws SQLException {
        return database.issue(id).orElseThrow(Refused::notFound);
    }

    private static boolean isJson(ServerRequest request) {
        return request.headers()
                .contentType()
                .filter(type -> type.test(MediaTypes.APPLICATION_JSON))
                .isPresent();
    }

    private static Draft draft(ServerRequest request) {
        Map<String, String> form = form(request);
        return checked(
                422,
                isJson(request)
                        ? request.content().as(Draft.class)
                        : new Draft(
                                form.get("title"),
                                form.get("text"),
                                form.containsKey("state") ? Issue.State.valueOf(form.get("state")) : null));
    }

    private static <T> T checked(int status, T input) {
        Map<String, String> errors = Inputs.errors(input);
        if (!errors.isEmpty()) {
            throw new Refused(status, "A value is wrong.", errors);
        }
        return input;
    }

    private Issue add(ServerRequest request) throws SQLException {
        Draft draft = draft(request);
        return tell("added", database.add(draft.title(), draft.text(), draft.stateOrOpen(), user(request)));
    }

    private Issue change(ServerRequest request) throws SQLException {
        Draft draft = draft(request);
        database.change(id(request), draft.title(), draft.text(), draft.stateOrOpen());
        return tell("changed", found(id(request)));
    }

    private void remove(ServerRequest request, ServerResponse response) throws SQLException {
        if (!database.remove(id(request))) {
            throw Refused.notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private Issue tell(String what, Issue issue) {
        SseEvent event =
                SseEvent.builder().name(what).data(Long.toString(issue.id())).build();
        listeners.forEach(queue -> queue.offer(event));
        return issue;
    }

    private void refuse(ServerRequest request, ServerResponse response, Refused e) {
        Handler form = forms.get(request.matchingPattern().orElse(""));
        String accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
        Status status = Status.create(e.status());
        response.status(status);
        try {
            if (isJson(request) || accept.contains("json")) {
                Problem problem = Problem.of(
                        status.reasonPhrase(),
                        e.status(),
                        String.valueOf(e.getMessage()),
                        request.path().path(),
                        e.errors());
                response.headers().contentType(HttpMediaType.create(Problem.TYPE));
                response.send(JSON.writeValueAsBytes(problem));
            } else if (form != null && e.status() == 422) {
                request.context().register(e);
                form.handle(request, response);
            } else {
                response.send(String.valueOf(e.getMessage()));
            }
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
