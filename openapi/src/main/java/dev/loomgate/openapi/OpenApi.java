package dev.loomgate.openapi;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.resources.Operation;
import dev.loomgate.toolkit.resources.WebApplication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// An OpenAPI 3.1 document of an application, made from its rules, its resources' methods, its functions and their
/// records; and a page that shows it, with Swagger UI.
///
/// ```java
/// WebApplication application = WebApplication.of(
///         Route.get("/user/<int:id>", long.class, (request, id) -> users.find(id)),
///         Rule.of("/task", TaskResource.class));
///
/// Server.run(OpenApi.of(application)
///         .withTitle("Users and tasks")
///         .withVersion("1.4")
///         .withSecurity("token", SecurityScheme.bearer("JWT"))
///         .withOperation("GET", "/user/<int:id>", details -> details.withAnswer(200, "The user", User.class))
///         .wrap(application), args);
/// ```
///
/// It stands before the application, and answers `/openapi.json` and what is below `/docs/`; everything else is the
/// application's.
///
/// Immutable: each method returns a new one.
public final class OpenApi implements Middleware {
    private static final String USUAL_DOCUMENT = "/openapi.json";
    private static final String USUAL_PAGE = "/docs";

    private record OperationKey(String method, String pattern) {
        @Override
        public String toString() {
            return method + " " + pattern;
        }
    }

    private final WebApplication application;
    private Members info = new Members().with("title", "API").with("version", "1");
    private List<Members> servers = List.of();
    private Map<String, SecurityScheme> security = Map.of();
    private Map<OperationKey, OperationDetails> details = Map.of();
    private String documentPath = USUAL_DOCUMENT;
    private String pagePath = USUAL_PAGE;

    private OpenApi(WebApplication application) {
        this.application = application;
    }

    /// A copy that one setter changes before anybody sees it.
    private OpenApi(OpenApi other) {
        application = other.application;
        info = other.info;
        servers = other.servers;
        security = other.security;
        details = other.details;
        documentPath = other.documentPath;
        pagePath = other.pagePath;
    }

    /// The document of this application: of what its classes, objects and functions answer. Endpoints that are
    /// applications aren't in it.
    public static OpenApi of(WebApplication application) {
        return new OpenApi(application);
    }

    /// The title; `API` by default.
    public OpenApi withTitle(String title) {
        return withInfo("title", title);
    }

    /// The version of the application's interface; `1` by default.
    public OpenApi withVersion(String version) {
        return withInfo("version", version);
    }

    /// What the application is for, in Markdown.
    public OpenApi withDescription(String description) {
        return withInfo("description", description);
    }

    private OpenApi withInfo(String name, String text) {
        OpenApi changed = new OpenApi(this);
        changed.info = new Members(info).with(name, text);
        return changed;
    }

    /// Where the application is: an absolute URL, or one relative to the document's. Without servers it is the root of
    /// the document's own host.
    public OpenApi withServer(String url, String description) {
        OpenApi changed = new OpenApi(this);
        changed.servers = new ArrayList<>(servers);
        changed.servers.add(new Members().with("url", url).withText("description", description));
        return changed;
    }

    /// A way to show who sends a request. Requests to all operations need one of them, except those whose
    /// [OperationDetails#withSecurity] says otherwise.
    ///
    /// @param name in the document
    public OpenApi withSecurity(String name, SecurityScheme scheme) {
        OpenApi changed = new OpenApi(this);
        changed.security = new LinkedHashMap<>(security);
        changed.security.put(name, scheme);
        return changed;
    }

    /// What is to be said of an operation besides what its rule and its types tell.
    ///
    /// @param method such as `POST`
    /// @param pattern of its rule: `/user/<int:id>`
    /// @throws IllegalArgumentException if no rule of this pattern answers this method
    public OpenApi withOperation(String method, String pattern, UnaryOperator<OperationDetails> change) {
        OperationKey key = new OperationKey(method, pattern);
        List<OperationKey> known =
                application.operations().stream().map(OpenApi::key).toList();
        if (!known.contains(key)) {
            throw new IllegalArgumentException("OpenApi: withOperation: nothing answers %s; there are %s"
                    .formatted(key, known.stream().map(Object::toString).collect(Collectors.joining(", "))));
        }
        OpenApi changed = new OpenApi(this);
        changed.details = new HashMap<>(details);
        changed.details.put(key, change.apply(details.getOrDefault(key, OperationDetails.NONE)));
        return changed;
    }

    private static OperationKey key(Operation operation) {
        return new OperationKey(operation.method(), operation.rule().pattern());
    }

    /// Where the document is; `/openapi.json` by default.
    ///
    /// @throws IllegalArgumentException if it doesn't begin with a slash, or ends with one
    public OpenApi withDocumentAt(String path) {
        OpenApi changed = new OpenApi(this);
        changed.documentPath = checked("withDocumentAt", path);
        return changed;
    }

    /// Where the page is, and below which its files are; `/docs` by default.
    ///
    /// @throws IllegalArgumentException if it doesn't begin with a slash, or ends with one
    public OpenApi withPageAt(String path) {
        OpenApi changed = new OpenApi(this);
        changed.pagePath = checked("withPageAt", path);
        return changed;
    }

    private static String checked(String method, String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException(
                    "OpenApi: %s(\"%s\"): a path begins with a slash and doesn't end with one".formatted(method, path));
        }
        return path;
    }

    /// No page: then Swagger UI need not be there.
    public OpenApi withoutPage() {
        OpenApi changed = new OpenApi(this);
        changed.pagePath = "";
        return changed;
    }

    /// The document, as it is sent: JSON in UTF-8, the same bytes for the same application.
    ///
    /// @throws IllegalArgumentException if two operations have the same id, or an example is none of its type
    public byte[] document() {
        return JsonCodec.jackson()
                .write(new Document(info, servers, security)
                        .of(
                                application.operations(),
                                operation -> Objects.requireNonNull(
                                        details.getOrDefault(key(operation), OperationDetails.NONE))));
    }

    /// The application with document and page before it. The document is made here, once.
    ///
    /// @param inner the application that is described, or what is around it: sessions, for instance
    /// @throws IllegalStateException if there is to be a page and Swagger UI isn't there
    @Override
    public Application wrap(Application inner) {
        Application behind = pagePath.isEmpty() ? inner : page().wrap(inner);
        return Lifecycle.passOn(inner, new DocumentFile(documentPath, document()).wrap(behind));
    }

    private Middleware page() {
        List<String> hosts = servers.stream()
                .map(server -> String.valueOf(server.get("url")))
                .toList();
        return new SwaggerPage(pagePath, documentPath, String.valueOf(info.get("title")), hosts);
    }
}
