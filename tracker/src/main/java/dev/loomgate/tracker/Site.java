package dev.loomgate.tracker;

import dev.loomgate.gateway.Application;
import dev.loomgate.openapi.OpenApi;
import dev.loomgate.templates.Templates;
import dev.loomgate.templates.jte.JteTemplates;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.middleware.SecurityHeaders;
import dev.loomgate.toolkit.resources.Result;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.security.CsrfProtection;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.validation.JakartaValidator;
import jakarta.validation.constraints.NotBlank;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Pages, API and events of the tracker.
public final class Site {
    private static final int MAX_UPLOAD_BYTES = 1_000_000;

    private final Database database;
    private final Topic changes = Topic.of();
    private final Templates templates = JteTemplates.precompiled(Site.class.getClassLoader());

    private Site(Database database) {
        this.database = database;
    }

    /// @param secret signs the sessions
    public static Application application(Database database, String secret) {
        WebApplication site = new Site(database).rules();
        return OpenApi.of(site)
                .withTitle("Tracker")
                .wrap(SecurityHeaders.of()
                        .around(Sessions.signed(secret))
                        .around(Offloaded.of()) // JDBC and password hashes hold their thread
                        .wrap(site));
    }

    record Login(@NotBlank String name, @NotBlank String password) {}

    record Upload(UploadedFile file) {
        Upload {
            // What a browser sends where none was chosen.
            if (file.filename().isEmpty()) {
                throw new IllegalArgumentException("Choose a file.");
            }
        }
    }

    private WebApplication rules() {
        return WebApplication.of(
                        Route.get("/", Filter.class, this::list),
                        Route.post(
                                "/",
                                Draft.class,
                                (request, draft) -> page(add(request, draft).id())),
                        Route.get("/issues/<int:id>", long.class, this::issue),
                        Route.post("/issues/<int:id>", long.class, Draft.class, (request, id, draft) -> {
                            change(id, draft);
                            return page(id);
                        }),
                        Route.post("/issues/<int:id>/attachments", long.class, Upload.class, this::attach)
                                .withLimits(Limits.DEFAULT.withBodyBytes(MAX_UPLOAD_BYTES)),
                        Route.get("/attachments/<int:id>", long.class, (request, id) -> download(id)),
                        Route.get(
                                "/login",
                                request -> templates.view(request, "login.jte").response()),
                        Route.post("/login", Login.class, this::logIn),
                        Route.post("/logout", this::logOut),
                        Route.get("/events", request -> Response.events(request, changes)),
                        Route.get("/api/issues", Filter.class, (request, filter) -> issues(filter)),
                        Route.post("/api/issues", Draft.class, (request, draft) -> {
                            Issue made = add(request, draft);
                            return Result.of(made, 201).withHeader("Location", "/api/issues/" + made.id());
                        }),
                        Route.get("/api/issues/<int:id>", long.class, (request, id) -> database.issue(id)),
                        Route.put("/api/issues/<int:id>", long.class, Draft.class, (request, id, draft) -> {
                            return change(id, draft);
                        }),
                        Route.delete("/api/issues/<int:id>", long.class, this::remove))
                .withValidator(JakartaValidator.create())
                .withGuard(CsrfProtection.of().then(Site::membersWrite))
                .withFormsShownAgain();
    }

    private static Optional<Application> membersWrite(Request request, Rule<?> rule) {
        Optional<String> user = request.session().get("user");
        user.ifPresent(name -> request.authenticated("Session", name, name));
        if (user.isPresent() || request.method().equals("GET") || request.path().equals("/login")) {
            return Optional.empty();
        }
        throw new Forbidden("Log in first.");
    }

    private Response list(Request request, Filter filter) throws SQLException {
        return templates
                .view(request, "list.jte")
                .with("issues", issues(filter))
                .response();
    }

    private Response issue(Request request, long id) throws SQLException {
        return templates
                .view(request, "issue.jte")
                .with("issue", database.issue(id).orElseThrow(NotFound::new))
                .with("attachments", database.attachments(id))
                .response();
    }

    private static Response page(long id) {
        return Response.redirect("/issues/" + id);
    }

    private Response logIn(Request request, Login login) throws Exception {
        if (!database.knows(login.name(), login.password())) {
            throw new UnprocessableEntity(null, List.of(InputError.of("password", "is not right")));
        }
        request.session().renew().put("user", login.name());
        return Response.redirect("/");
    }

    private Response logOut(Request request) {
        request.session().clear();
        return Response.redirect("/");
    }

    private Response attach(Request request, long id, Upload upload) throws Exception {
        Issue issue = database.issue(id).orElseThrow(NotFound::new);
        database.attach(issue.id(), upload.file().filename(), upload.file().bytes());
        return page(id);
    }

    private Optional<Response> download(long id) throws SQLException {
        Optional<Attachment> attachment = database.attachment(id);
        Optional<byte[]> content = database.content(id);
        return attachment.map(found -> Response.bytes(content.orElseThrow(), "application/octet-stream")
                .attachment(found.name()));
    }

    private List<Issue> issues(Filter filter) throws SQLException {
        return database.issues(filter.state(), filter.page().orElse(1));
    }

    private Issue add(Request request, Draft draft) throws SQLException {
        Issue.State state = draft.state().orElse(Issue.State.OPEN);
        return tell(
                "added",
                database.add(
                        draft.title(), draft.text(), state, request.userName().orElseThrow()));
    }

    private Issue change(long id, Draft draft) throws SQLException {
        database.change(id, draft.title(), draft.text(), draft.state().orElse(Issue.State.OPEN));
        return tell("changed", database.issue(id).orElseThrow(NotFound::new));
    }

    private Response remove(Request request, long id) throws SQLException {
        if (!database.remove(id)) {
            throw new NotFound();
        }
        return Response.empty();
    }

    private Issue tell(String what, Issue issue) {
        changes.publish(Event.of(Long.toString(issue.id())).withName(what));
        return issue;
    }
}
