package dev.loomgate.bench.tracker.javalin;

import static java.util.stream.Collectors.toMap;

import dev.loomgate.bench.tracker.Draft;
import dev.loomgate.bench.tracker.Filter;
import dev.loomgate.bench.tracker.Inputs;
import dev.loomgate.bench.tracker.Login;
import dev.loomgate.bench.tracker.Page;
import dev.loomgate.bench.tracker.Problem;
import dev.loomgate.bench.tracker.Protection;
import dev.loomgate.bench.tracker.standin.JavalinJte;
import dev.loomgate.tracker.Attachment;
import dev.loomgate.tracker.Database;
import dev.loomgate.tracker.Issue;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.UploadedFile;
import io.javalin.http.sse.SseClient;
import io.javalin.json.JavalinJackson3;
import io.javalin.validation.ValidationException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.http.HttpCookie;
import tools.jackson.core.JacksonException;

/// Pages, API and events of the tracker.
public final class JavalinSite {
    private static final int MAX_UPLOAD_BYTES = 1_000_000;

    private final Database database;
    private final Set<SseClient> listeners = ConcurrentHashMap.newKeySet();

    // Shown again with what is wrong where a form is refused.
    private final Map<String, Handler> forms = Map.of(
            "/", this::list, "/issues/{id}", this::issue, "/login", context -> render(context, "login.jte", Map.of()));

    private JavalinSite(Database database) {
        this.database = database;
    }

    /// The whole program, to be started.
    public static Javalin application(Database database) {
        return Javalin.create(new JavalinSite(database)::configure);
    }

    private void configure(JavalinConfig config) {
        config.concurrency.useVirtualThreads = true;
        config.startup.showJavalinBanner = false;
        config.jsonMapper(new JavalinJackson3());
        config.fileRenderer(new JavalinJte(TemplateEngine.createPrecompiled(
                null, ContentType.Html, getClass().getClassLoader(), "dev.loomgate.bench.tracker.templates")));
        config.validation.register(Issue.State.class, Issue.State::valueOf);
        config.jetty.multipartConfig.maxTotalRequestSize(MAX_UPLOAD_BYTES, SizeUnit.BYTES);
        config.jetty.modifyServletContextHandler(context -> {
            SessionHandler sessions = new SessionHandler();
            sessions.setHttpOnly(true);
            sessions.setSameSite(HttpCookie.SameSite.LAX);
            context.setSessionHandler(sessions);
        });
        config.routes
                .before(context -> Protection.headers().forEach(context::header))
                .beforeMatched(JavalinSite::guard)
                .get("/", this::list)
                .post("/", context -> page(context, add(context).id()))
                .get("/issues/{id}", this::issue)
                .post("/issues/{id}", context -> page(context, change(context).id()))
                .post("/issues/{id}/attachments", this::attach)
                .get("/attachments/{id}", this::download)
                .get("/login", context -> render(context, "login.jte", Map.of()))
                .post("/login", this::logIn)
                .post("/logout", JavalinSite::logOut)
                .sse("/events", this::listen)
                .get("/api/issues", context -> context.json(issues(context)))
                .post("/api/issues", context -> {
                    Issue made = add(context);
                    context.status(201)
                            .header("Location", "/api/issues/" + made.id())
                            .json(made);
                })
                .get("/api/issues/{id}", context -> context.json(found(id(context))))
                .put("/api/issues/{id}", context -> context.json(change(context)))
                .delete("/api/issues/{id}", this::remove)
                .exception(HttpResponseException.class, this::refuse)
                .exception(
                        ValidationException.class,
                        (e, context) -> refuse(new HttpResponseException(400, "A value is wrong.", errors(e)), context))
                .exception(
                        JacksonException.class,
                        (e, context) -> refuse(new HttpResponseException(400, "The JSON is wrong."), context));
    }

    private static void guard(Context context) {
        if (context.method().equals(HandlerType.GET)) {
            return;
        }
        if (context.contentLength() > MAX_UPLOAD_BYTES) {
            throw new ContentTooLargeResponse();
        }
        String token = context.header("X-CSRF-Token");
        if (!Protection.isToken(
                context.sessionAttribute("csrf"), token == null ? context.formParam("csrf_token") : token)) {
            throw new ForbiddenResponse("The page that sent this is too old, or cookies are off.");
        }
        if (user(context).isEmpty() && !context.path().equals("/login")) {
            throw new ForbiddenResponse("Log in first.");
        }
    }

    private static String user(Context context) {
        return Objects.requireNonNullElse(context.sessionAttribute("user"), "");
    }

    private static long id(Context context) {
        return context.pathParamAsClass("id", Long.class).get();
    }

    private void list(Context context) throws SQLException {
        render(context, "list.jte", Map.of("issues", issues(context)));
    }

    private void issue(Context context) throws SQLException {
        Issue issue = found(id(context));
        render(context, "issue.jte", Map.of("issue", issue, "attachments", database.attachments(issue.id())));
    }

    private static void render(Context context, String template, Map<String, Object> values) {
        String nonce = UUID.randomUUID().toString();
        context.header("Content-Security-Policy", Protection.policy(nonce));
        Map<String, Object> all = new HashMap<>(values);
        all.put(
                "page",
                new Page(
                        user(context),
                        () -> token(context),
                        nonce,
                        context::formParam,
                        Objects.requireNonNullElse(context.attribute("errors"), Map.of())));
        context.render(template, all);
    }

    private static String token(Context context) {
        String token = context.sessionAttribute("csrf");
        if (token == null) {
            token = UUID.randomUUID().toString();
            context.sessionAttribute("csrf", token);
        }
        return token;
    }

    private static void page(Context context, long id) {
        context.redirect("/issues/" + id, HttpStatus.SEE_OTHER);
    }

    private void logIn(Context context) throws Exception {
        Login login = checked(new Login(context.formParam("name"), context.formParam("password")));
        if (!database.knows(login.name(), login.password())) {
            throw new HttpResponseException(422, "The password is wrong.", Map.of("password", "is not right"));
        }
        context.req().changeSessionId();
        context.sessionAttribute("user", login.name());
        context.redirect("/", HttpStatus.SEE_OTHER);
    }

    private static void logOut(Context context) {
        context.req().getSession().invalidate();
        context.redirect("/", HttpStatus.SEE_OTHER);
    }

    private void attach(Context context) throws Exception {
        Issue issue = found(id(context));
        UploadedFile file = context.uploadedFile("file");
        if (file == null || file.filename().isEmpty()) {
            throw new HttpResponseException(422, "Choose a file.");
        }
        try (InputStream content = file.content()) {
            database.attach(issue.id(), file.filename(), content.readAllBytes());
        }
        page(context, issue.id());
    }

    private void download(Context context) throws SQLException {
        Attachment attachment = database.attachment(id(context)).orElseThrow(NotFoundResponse::new);
        String name =
                URLEncoder.encode(attachment.name(), StandardCharsets.UTF_8).replace("+", "%20");
        context.header("Content-Disposition", "attachment; filename*=UTF-8''" + name)
                .contentType("application/octet-stream")
                .result(database.content(attachment.id()).orElseThrow(NotFoundResponse::new));
    }

    private void listen(SseClient client) {
        client.keepAlive();
        client.onClose(() -> listeners.remove(client));
        listeners.add(client);
        client.sendComment(""); // so that it knows
    }

    private List<Issue> issues(Context context) throws SQLException {
        Filter filter = new Filter(
                Optional.ofNullable(
                        context.queryParamAsClass("state", Issue.State.class).getOrNull()),
                context.queryParamAsClass("page", Integer.class).getOrDefault(1));
        Map<String, String> errors = Inputs.errors(filter);
        if (!errors.isEmpty()) {
            throw new HttpResponseException(400, "A value is wrong.", errors);
        }
        return database.issues(filter.state(), filter.page());
    }

    private Issue found(long id) throws SQLException {
        return database.issue(id).orElseThrow(NotFoundResponse::new);
    }

    private static Draft draft(Context context) {
        return checked(
                context.isJson()
                        ? context.bodyAsClass(Draft.class)
                        : new Draft(
                                context.formParam("title"),
                                context.formParam("text"),
                                context.formParamAsClass("state", Issue.State.class)
                                        .getOrNull()));
    }

    private static <T> T checked(T input) {
        Map<String, String> errors = Inputs.errors(input);
        if (!errors.isEmpty()) {
            throw new HttpResponseException(422, "A value is wrong.", errors);
        }
        return input;
    }

    private Issue add(Context context) throws SQLException {
        Draft draft = draft(context);
        return tell("added", database.add(draft.title(), draft.text(), draft.stateOrOpen(), user(context)));
    }

    private Issue change(Context context) throws SQLException {
        Draft draft = draft(context);
        database.change(id(context), draft.title(), draft.text(), draft.stateOrOpen());
        return tell("changed", found(id(context)));
    }

    private void remove(Context context) throws SQLException {
        if (!database.remove(id(context))) {
            throw new NotFoundResponse();
        }
        context.status(204);
    }

    private Issue tell(String what, Issue issue) {
        listeners.forEach(client -> client.sendEvent(what, Long.toString(issue.id())));
        return issue;
    }

    private static Map<String, String> errors(ValidationException e) {
        return e.getErrors().entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey, error -> error.getValue().getFirst().getMessage()));
    }

    private void refuse(HttpResponseException e, Context context) {
        Handler form = forms.get(context.endpoint().path);
        String accept = Objects.requireNonNullElse(context.header("Accept"), "");
        context.status(e.getStatus());
        if (context.isJson() || accept.contains("json")) {
            context.json(Problem.of(
                            context.status().getMessage(),
                            e.getStatus(),
                            String.valueOf(e.getMessage()),
                            context.path(),
                            e.getDetails()))
                    .contentType(Problem.TYPE);
        } else if (form != null && e.getStatus() == 422) {
            context.attribute("errors", e.getDetails());
            try {
                form.handle(context);
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        } else {
            context.result(String.valueOf(e.getMessage()));
        }
    }
}
