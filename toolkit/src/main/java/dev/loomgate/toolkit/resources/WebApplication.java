package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.RecordValidator;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.MethodNotAllowed;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.RuleFactory;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An application over a map of resources.
///
/// ```java
/// Application application = WebApplication.of(
///         Rule.of("/", IndexResource.class),
///         Rule.of("/user", UserResource.class),
///         Route.get("/hello/<name>", (request, name) -> "Hello " + name),
///         Rule.of("/static/<path:file>", staticFiles));
/// ```
///
/// An endpoint is one of these. All are checked against their rules here, so that a mistake stops the start,
/// not a request.
///
/// | endpoint | who answers |
/// |---|---|
/// | a class, a [Resource] | an object of the class, a new one for each request |
/// | a Supplier: `() -> new Home(database)` | an object that it makes, one for each request, and one here |
/// | any other object of such a class | that object, for all requests: for several at once |
/// | of [Route] | its function |
/// | an Application | it; the path's variables are in its environ under [#PATH_ARGUMENTS] |
///
/// HEAD is answered by `get`, OPTIONS by itself, and a method that nobody answers there by 405. An [HttpException]
/// that is thrown anywhere is the response, in a browser with [dev.loomgate.toolkit.Html#STYLE]; any other exception
/// is the container's. [#onError] and [#onStatus] have other answers, for this application only: one within it,
/// behind [dev.loomgate.toolkit.middleware.Mounts] or as an endpoint, answers its own errors.
public final class WebApplication implements Application, Lifecycle {
    /// The environ's key for the [dev.loomgate.toolkit.routing.PathArguments] of an Application.
    public static final String PATH_ARGUMENTS = "loomgate.path_arguments";

    private final UrlMap<?> urlMap;
    private final Settings settings;
    private final Limits limits;
    private final Function<? super Set<String>, ? extends Application> missingMethod;
    private final List<String> trustedHosts;
    private final ErrorHandlers errors;
    private final @Nullable JsonCodec jsonInput;
    private final Guard guard;
    private final @Nullable RecordValidator validator;
    private final Lifecycle hooks;

    /// What methods change, each in a copy.
    private static final class Settings {
        private Limits limits = Limits.DEFAULT;
        private Function<? super Set<String>, ? extends Application> missingMethod = MethodNotAllowed::new;
        private List<String> trustedHosts = List.of();
        private ErrorHandlers errors = ErrorHandlers.NONE;
        private @Nullable JsonCodec jsonInput;
        private Guard guard = Guard.NONE;
        private @Nullable RecordValidator validator;
        private boolean formsShownAgain;

        Settings copy() {
            Settings copy = new Settings();
            copy.limits = limits;
            copy.missingMethod = missingMethod;
            copy.trustedHosts = trustedHosts;
            copy.errors = errors;
            copy.jsonInput = jsonInput;
            copy.guard = guard;
            copy.validator = validator;
            copy.formsShownAgain = formsShownAgain;
            return copy;
        }
    }

    /// @throws ResourceError if an endpoint can't answer requests as it is written
    public WebApplication(UrlMap<?> urlMap) {
        this(Endpoints.ready(urlMap), new Settings());
    }

    private WebApplication(UrlMap<?> urlMap, Settings settings) {
        this.urlMap = urlMap;
        this.settings = settings;
        limits = settings.limits;
        missingMethod = settings.missingMethod;
        trustedHosts = settings.trustedHosts;
        jsonInput = settings.jsonInput;
        guard = settings.guard;
        errors = settings.formsShownAgain ? settings.errors.with(new FormPage(urlMap, guard)) : settings.errors;
        validator = settings.validator;
        hooks = Lifecycle.all(urlMap.rules().stream()
                .map(rule -> Endpoints.lasting(rule.endpoint()))
                .toList());
    }

    private WebApplication with(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new WebApplication(urlMap, changed);
    }

    /// An application over these rules.
    ///
    /// @throws ResourceError if an endpoint can't answer requests as it is written
    /// @throws IllegalArgumentException if a rule is wrong
    public static WebApplication of(RuleFactory<?>... rules) {
        UrlMap.Builder<Object> urlMap = UrlMap.builder();
        for (RuleFactory<?> factory : rules) {
            urlMap.add(factory);
        }
        return new WebApplication(urlMap.build());
    }

    /// The same with other limits for requests' bodies.
    public WebApplication withLimits(Limits other) {
        return with(settings -> settings.limits = other);
    }

    /// The same with another answer to a method that nobody answers at a URL, made from those that are
    /// answered. The article answers `_ -> new NotFound("not implemented")`.
    public WebApplication withMissingMethod(Function<? super Set<String>, ? extends Application> other) {
        return with(settings -> settings.missingMethod = other);
    }

    /// The same for these hosts only, as [Request#requireTrustedHost] has them: 400 for any other. Without hosts,
    /// all are trusted.
    public WebApplication withTrustedHosts(String... hosts) {
        List<String> trusted = List.of(hosts);
        return with(settings -> settings.trustedHosts = trusted);
    }

    /// The same with an answer to exceptions of this class, and of those below it that no other handler is for: the
    /// most specific class wins. It counts for whatever is thrown here, by resources, by applications and by the
    /// rules themselves, and for an HttpException that a method returns:
    ///
    /// ```java
    /// .onError(NoSuchElementException.class, (request, e) -> new NotFound("There is no such book."))
    /// .onError(SQLTransientException.class, (request, e) -> new ServiceUnavailable("Try again."))
    /// ```
    ///
    /// What it answers isn't logged: that is the handler's own business. Nobody asks it about a redirect, about a
    /// client that has gone, or about what fails while a body is sent.
    public <E extends Exception> WebApplication onError(Class<E> type, ErrorHandler<? super E> handler) {
        return with(settings -> settings.errors = errors.with(type, handler));
    }

    /// The same with an answer to the HttpExceptions of this status: a path that no rule matches (404), a method that a
    /// class doesn't have (405), those that are thrown or returned, and those that [#onError] has made. A Response
    /// stays as it is, whatever its status; and so does the container's 500.
    ///
    /// ```java
    /// .onStatus(404, (request, e) -> Response.html(pages.notFound(request.path())).status(404))
    /// ```
    ///
    /// @param status 400 to 599
    /// @throws IllegalArgumentException if it isn't
    public WebApplication onStatus(int status, ErrorHandler<? super HttpException> handler) {
        return with(settings -> settings.errors = errors.with(status, handler));
    }

    /// The same, where a form that is refused for its fields (422, with [HttpException#errors]) is
    /// answered by what GET answers at its URL, with that status: the form again, with what was sent and
    /// what is wrong.
    ///
    /// ```java
    /// WebApplication.of(
    ///                 Route.get("/sign", request -> templates.view(request, "sign.jte").response()),
    ///                 Route.post("/sign", Entry.class, (request, entry) -> ...))
    ///         .withFormsShownAgain()
    /// ```
    ///
    /// GET's method has the errors as [Request#errors], and what was sent as [Request#form]; templates
    /// show both by themselves. Guards are asked for GET's rule as well. A client that would rather have
    /// JSON gets a problem, and where a method or function doesn't answer GET, the error is answered as
    /// ever; so it is for JSON.
    public WebApplication withFormsShownAgain() {
        return with(settings -> settings.formsShownAgain = true);
    }

    /// The same with another codec for the JSON in requests' bodies, such as [JsonCodec#knownMembersOnly].
    public WebApplication withJsonInput(JsonCodec codec) {
        return with(settings -> settings.jsonInput = codec);
    }

    /// The same with another guard behind those that it has: it is asked for each request that a rule
    /// matches, before the rule's own guard ([Rule#guardedBy]) and endpoint.
    ///
    /// ```java
    /// .withGuard(CsrfProtection.of())
    /// .withGuard((request, rule) -> rule.pattern().startsWith("/admin") && stranger(request)
    ///         ? Optional.of(Response.redirect("/login"))
    ///         : Optional.empty())
    /// ```
    public WebApplication withGuard(Guard other) {
        Guard both = guard.then(other);
        return with(settings -> settings.guard = both);
    }

    /// The same with a validator: it looks at each record that is made of a request, as an argument of a method or a
    /// function, or by [Request#json(Class)].
    public WebApplication withValidator(RecordValidator other) {
        return with(settings -> settings.validator = other);
    }

    /// The map.
    public UrlMap<?> urlMap() {
        return urlMap;
    }

    /// What its resources and functions answer, in the order of the rules: for who describes it, as OpenAPI does.
    /// Endpoints that are applications aren't among them, nor are rules that lead elsewhere, nor what
    /// answers by itself: HEAD and OPTIONS.
    public List<Operation> operations() {
        return Endpoints.operations(urlMap);
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        Match<?> match;
        try {
            if (!trustedHosts.isEmpty()) {
                new Request(environ).requireTrustedHost(trustedHosts);
            }
            match = urlMap.bindToEnviron(environ).match();
        } catch (MethodNotAllowed e) {
            Request request = new Request(environ, limits, jsonInput, validator);
            Application missing = missingMethod.apply(new TreeSet<>(e.allowed()));
            return send(request, () -> errors.answer(request, missing), startResponse);
        } catch (HttpException e) {
            Request request = new Request(environ, limits, jsonInput, validator);
            return send(request, () -> errors.thrown(request, e), startResponse);
        }
        environ.routed(match.rule().pattern());
        Request request = new Request(environ, match.rule().limits().orElse(limits), jsonInput, validator);
        Callable<Application> answer = () -> answer(request, match, startResponse);
        return match.rule().isBlocking()
                ? send(request, () -> offloaded(request, answer), startResponse)
                : send(request, answer, startResponse);
    }

    /// Sends an answer, for which the request's body may be read.
    private static Body send(Request request, Callable<? extends Application> answer, StartResponse startResponse)
            throws Exception {
        Body body;
        try {
            body = answer.call().call(request.environ(), startResponse);
        } catch (Exception | Error e) {
            request.close();
            throw e;
        }
        // The body may be made from the request's files while it is sent.
        return request.isOpen() ? body.onClose(request::close) : body;
    }

    /// Starts the endpoints that are applications with hooks, each once.
    ///
    /// @throws Exception as the first that fails
    @Override
    public void start() throws Exception {
        hooks.start();
    }

    /// Stops these.
    ///
    /// @throws Exception as the first that fails; the others are stopped all the same
    @Override
    public void stop() throws Exception {
        hooks.stop();
    }

    private Application offloaded(Request request, Callable<Application> answer) throws Exception {
        try {
            return Offloaded.run(request.environ(), answer);
        } catch (ServiceUnavailable e) {
            return errors.thrown(request, e);
        }
    }

    private Application answer(Request request, Match<?> match, StartResponse startResponse) throws Exception {
        try {
            Optional<? extends Application> instead = guard.check(request, match.rule());
            if (instead.isEmpty()) {
                instead = match.rule().guard().check(request, match.rule());
            }
            return errors.answer(
                    request,
                    instead.isPresent() ? instead.get() : answer(request, match.endpoint(), match, startResponse));
        } catch (Exception e) {
            return errors.thrown(request, e);
        }
    }

    private Application answer(Request request, Object endpoint, Match<?> match, StartResponse startResponse)
            throws Exception {
        return switch (endpoint) {
            case Class<?> type -> answer(request, Resource.of(type), match, startResponse);
            case Resource resource -> answer(request, resource, match, startResponse);
            case Application application -> {
                request.environ().put(PATH_ARGUMENTS, match.arguments());
                Application called = match.rule().isBlocking()
                        ? (environ, start) -> Offloaded.call(application, environ, start)
                        : application;
                yield new AnsweringErrors(called, request, errors);
            }
            default -> throw new IllegalStateException("not checked: " + endpoint);
        };
    }

    private Application answer(Request request, Resource resource, Match<?> match, StartResponse startResponse)
            throws Exception {
        Optional<SocketAction> webSocket = resource.webSocket();
        if (webSocket.isPresent()) {
            Optional<WebSocketHandshake> handshake = request.environ().webSocket();
            if (handshake.isPresent()) {
                return webSocket.get().accept(request, match.arguments(), handshake.get());
            }
        }
        String method = request.method();
        Optional<Action> action = resource.action(method);
        if (action.isEmpty() && method.equals("HEAD")) {
            action = resource.action("GET");
        }
        if (action.isPresent()) {
            return action.get().call(request, match.arguments(), startResponse, errors);
        }
        Set<String> allowed = allowed(resource, match.rule());
        if (resource.isFunction()) {
            allowed.addAll(urlMap.bindToEnviron(request.environ())
                    .allowedMethods(request.environ().path()));
        }
        return method.equals("OPTIONS")
                ? new Response("").header("Allow", String.join(", ", allowed))
                : missingMethod.apply(allowed);
    }

    private static Set<String> allowed(Resource resource, Rule<?> rule) {
        Set<String> allowed = new TreeSet<>(resource.methods());
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        rule.allowedMethods().ifPresent(allowed::retainAll);
        return allowed;
    }
}
