package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.MethodNotAllowed;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.RuleFactory;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An application over a map of resources.
///
/// ```java
/// Application application = WebApplication.of(
///         Rule.of("/", IndexResource.class),
///         Rule.of("/user", UserResource.class),
///         Rule.of("/static/<path:file>", staticFiles));
/// ```
///
/// An endpoint is a resource class, a [Resource], or an Application, which finds the path's variables in its
/// environ under [#PATH_ARGUMENTS]. All are checked against their rules here, so that a mistake stops the start,
/// not a request.
///
/// HEAD is answered by `get`, OPTIONS by itself, and a method that a class doesn't have by 405. An [HttpException]
/// that is thrown anywhere is the response; any other exception is the container's. [#onError] and [#onStatus] have
/// other answers, for this application only: one within it, behind [dev.loomgate.toolkit.middleware.Mounts] or as an
/// endpoint, answers its own errors.
public final class WebApplication implements Application, Lifecycle {
    /// The environ's key for the [dev.loomgate.toolkit.routing.PathArguments] of an Application.
    public static final String PATH_ARGUMENTS = "loomgate.path_arguments";

    private final UrlMap<?> urlMap;
    private final Limits limits;
    private final Function<? super Set<String>, ? extends Application> missingMethod;
    private final List<String> trustedHosts;
    private final ErrorHandlers errors;
    private final @Nullable JsonCodec jsonInput;
    private final Lifecycle hooks;

    /// @throws ResourceError if an endpoint can't answer requests as it is written
    public WebApplication(UrlMap<?> urlMap) {
        this(urlMap, Limits.DEFAULT, MethodNotAllowed::new, List.of(), ErrorHandlers.NONE, null);
        check(urlMap);
    }

    private WebApplication(
            UrlMap<?> urlMap,
            Limits limits,
            Function<? super Set<String>, ? extends Application> missingMethod,
            List<String> trustedHosts,
            ErrorHandlers errors,
            @Nullable JsonCodec jsonInput) {
        this.urlMap = urlMap;
        this.limits = limits;
        this.missingMethod = missingMethod;
        this.trustedHosts = trustedHosts;
        this.errors = errors;
        this.jsonInput = jsonInput;
        hooks = Lifecycle.all(urlMap.rules().stream().map(Rule::endpoint).toList());
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
        return new WebApplication(urlMap, other, missingMethod, trustedHosts, errors, jsonInput);
    }

    /// The same with another answer to a method that a class doesn't have, made from those that it has. The
    /// article answers `_ -> new NotFound("not implemented")`.
    public WebApplication withMissingMethod(Function<? super Set<String>, ? extends Application> other) {
        return new WebApplication(urlMap, limits, other, trustedHosts, errors, jsonInput);
    }

    /// The same for these hosts only, as [Request#requireTrustedHost] has them: 400 for any other. Without hosts,
    /// all are trusted.
    public WebApplication withTrustedHosts(String... hosts) {
        return new WebApplication(urlMap, limits, missingMethod, List.of(hosts), errors, jsonInput);
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
        return new WebApplication(urlMap, limits, missingMethod, trustedHosts, errors.with(type, handler), jsonInput);
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
        return new WebApplication(urlMap, limits, missingMethod, trustedHosts, errors.with(status, handler), jsonInput);
    }

    /// The same with another codec for the JSON in requests' bodies, such as [JsonCodec#knownMembersOnly].
    public WebApplication withJsonInput(JsonCodec codec) {
        return new WebApplication(urlMap, limits, missingMethod, trustedHosts, errors, codec);
    }

    /// The map.
    public UrlMap<?> urlMap() {
        return urlMap;
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        Match<?> match;
        try {
            if (!trustedHosts.isEmpty()) {
                new Request(environ).requireTrustedHost(trustedHosts);
            }
            match = urlMap.bindToEnviron(environ).match();
        } catch (HttpException e) {
            return refuse(new Request(environ, limits, jsonInput), e, startResponse);
        }
        environ.routed(match.rule().pattern());
        Request request = new Request(environ, match.rule().limits().orElse(limits), jsonInput);
        Body body;
        try {
            body = answer(request, match, startResponse).call(environ, startResponse);
        } catch (Exception | Error e) {
            request.close();
            throw e;
        }
        // The body may be made from the request's files while it is sent.
        return request.isOpen() ? body.onClose(request::close) : body;
    }

    /// Answers a request that no rule is for. A handler may read its body.
    private Body refuse(Request request, HttpException refusal, StartResponse startResponse) throws Exception {
        Body body;
        try {
            body = errors.thrown(request, refusal).call(request.environ(), startResponse);
        } catch (Exception | Error e) {
            request.close();
            throw e;
        }
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

    private Application answer(Request request, Match<?> match, StartResponse startResponse) throws Exception {
        try {
            return errors.answer(request, answer(request, match.endpoint(), match, startResponse));
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
                yield new AnsweringErrors(application, request, errors);
            }
            default -> throw noEndpoint(match.rule());
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

    private static <E> void check(UrlMap<E> urlMap) {
        for (Rule<E> rule : urlMap.rules()) {
            switch (rule.endpoint()) {
                case Class<?> type -> check(urlMap, rule, Resource.of(type));
                case Resource resource -> check(urlMap, rule, resource);
                case Application _ -> {}
                default -> throw noEndpoint(rule);
            }
        }
    }

    private static <E> void check(UrlMap<E> urlMap, Rule<E> rule, Resource resource) {
        resource.check(rule, urlMap.variables(rule), rule.allowedMethods());
    }

    private static ResourceError noEndpoint(Rule<?> rule) {
        return new ResourceError("the endpoint of rule %s is %s, which is no resource class and no Application"
                .formatted(rule, rule.endpoint()));
    }
}
