package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.routing.matching.RuleToken;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One URL pattern and the endpoint that it stands for. Immutable: each method that sets something returns a new
/// rule.
///
/// ```java
/// Rule.of("/", IndexResource.class)
/// Rule.of("/user/<int:id>", UserResource.class).withMethods("GET", "PUT")
/// Rule.of("/wiki/<path:page>/<any(edit, history):view>", "wiki")
/// Rule.of("/v<int:major>.<int:minor>/", "version")
/// ```
///
/// A variable is `<name>` or `<converter(arguments):name>`:
///
/// | converter | matches | value | arguments |
/// |---|---|---|---|
/// | `string`, `default` | anything but a slash | String | `minlength=1`, `maxlength`, `length` |
/// | `int` | ASCII digits | Long | `fixed_digits`, `min`, `max`, `signed=False` |
/// | `float` | digits, a point, digits | Double | `min`, `max`, `signed=False` |
/// | `path` | anything, slashes too, but not at its beginning | String | |
/// | `any` | one of its arguments | String | the texts |
/// | `uuid` | a UUID | UUID | |
///
/// A rule that ends with a slash is a branch, like a directory: asked for without it, it redirects to it.
///
/// Source: Werkzeug 3.1, `werkzeug.routing`.
///
/// @param <E> the endpoints' type: a class, a name, an application
public final class Rule<E> implements RuleFactory<E> {
    private static final Set<String> WEBSOCKET_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final String pattern;
    private final E endpoint;
    private @Nullable Set<String> methods;
    private Map<String, Object> defaults = Map.of();
    private @Nullable String subdomain;
    private @Nullable String host;
    private @Nullable Boolean strictSlashes;
    private @Nullable Boolean mergeSlashes;
    private boolean buildOnly;
    private boolean alias;
    private boolean websocket;
    private boolean blocking;
    private @Nullable Limits limits;
    private @Nullable RedirectTarget redirect;
    private Guard guard = Guard.NONE;

    private Rule(String pattern, E endpoint) {
        this.pattern = pattern;
        this.endpoint = endpoint;
    }

    /// A copy that one setter changes before anybody sees it.
    private Rule(Rule<E> other) {
        this(other, other.pattern, other.endpoint);
    }

    private Rule(Rule<E> other, String pattern, E endpoint) {
        this(pattern, endpoint);
        methods = other.methods;
        defaults = other.defaults;
        subdomain = other.subdomain;
        host = other.host;
        strictSlashes = other.strictSlashes;
        mergeSlashes = other.mergeSlashes;
        buildOnly = other.buildOnly;
        alias = other.alias;
        websocket = other.websocket;
        blocking = other.blocking;
        limits = other.limits;
        redirect = other.redirect;
        guard = other.guard;
    }

    /// A rule for all methods.
    ///
    /// @throws IllegalArgumentException if the pattern doesn't begin with a slash or can't be read
    public static <E> Rule<E> of(String pattern, E endpoint) {
        return ofEndpoint(pattern, endpoint);
    }

    /// A rule whose endpoint is made by a function: `Rule.of("/", () -> new Home(database))`.
    ///
    /// @throws IllegalArgumentException as the other one
    public static <T> Rule<Supplier<T>> of(String pattern, Supplier<T> instances) {
        return Rule.<Supplier<T>>ofEndpoint(pattern, instances);
    }

    private static <E> Rule<E> ofEndpoint(String pattern, E endpoint) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("URL rule '" + pattern + "' must start with a slash");
        }
        RuleToken.parse(pattern);
        return new Rule<>(pattern, endpoint);
    }

    /// The names of the pattern's variables, in order.
    public List<String> variableNames() {
        return RuleToken.parse(pattern).stream()
                .<String>mapMulti((token, names) -> {
                    if (token instanceof RuleToken.Variable variable) {
                        names.accept(variable.name());
                    }
                })
                .toList();
    }

    /// The pattern with its variables by their names alone, `/user/{id}`: as OpenAPI has paths. A curly bracket of the
    /// pattern itself is percent-encoded.
    public String template() {
        return RuleToken.parse(pattern).stream()
                .map(token -> switch (token) {
                    case RuleToken.Slash() -> "/";
                    case RuleToken.Static(String text) ->
                        text.replace("{", "%7B").replace("}", "%7D");
                    case RuleToken.Variable variable -> "{" + variable.name() + "}";
                })
                .collect(Collectors.joining());
    }

    /// Answers these methods only; HEAD comes with GET.
    public Rule<E> withMethods(String... methods) {
        Set<String> upper = Arrays.stream(methods)
                .map(method -> method.toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (upper.contains("GET")) {
            upper.add("HEAD");
        }
        Rule<E> changed = new Rule<>(this);
        changed.methods = Collections.unmodifiableSet(upper);
        return changed.checked();
    }

    /// Values that the match has besides those of its variables. A rule of the same endpoint that has one of them
    /// as a variable redirects here when it is asked for with this value.
    public Rule<E> withDefaults(Map<String, ?> defaults) {
        Rule<E> changed = new Rule<>(this);
        changed.defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
        return changed;
    }

    /// Matches on this subdomain only, which may have variables. See [UrlMap.Builder#defaultSubdomain].
    public Rule<E> withSubdomain(String subdomain) {
        RuleToken.parse(subdomain);
        Rule<E> changed = new Rule<>(this);
        changed.subdomain = subdomain;
        return changed;
    }

    /// Matches on this host only, which may have variables. See [UrlMap.Builder#hostMatching].
    public Rule<E> withHost(String host) {
        RuleToken.parse(host);
        Rule<E> changed = new Rule<>(this);
        changed.host = host;
        return changed;
    }

    /// Whether a branch that is asked for without its slash redirects (true), or simply matches (false); else as
    /// the map says.
    public Rule<E> withStrictSlashes(boolean strict) {
        Rule<E> changed = new Rule<>(this);
        changed.strictSlashes = strict;
        return changed;
    }

    /// Whether several slashes in a row are taken for one, with a redirect; else as the map says.
    public Rule<E> withMergeSlashes(boolean merge) {
        Rule<E> changed = new Rule<>(this);
        changed.mergeSlashes = merge;
        return changed;
    }

    /// Never matches: only builds URLs.
    public Rule<E> asBuildOnly() {
        Rule<E> changed = new Rule<>(this);
        changed.buildOnly = true;
        return changed;
    }

    /// Redirects to the endpoint's other rule with the same arguments.
    public Rule<E> asAlias() {
        Rule<E> changed = new Rule<>(this);
        changed.alias = true;
        return changed;
    }

    /// Matches WebSocket handshakes only; a rule that isn't one matches none.
    public Rule<E> asWebsocket() {
        Rule<E> changed = new Rule<>(this);
        changed.websocket = true;
        return changed.checked();
    }

    /// Its endpoint holds its thread, as embedded databases, large files and computing do: it is called in the
    /// server's threads for blocking work ([dev.loomgate.gateway.Environ#offload]), and delays no other request.
    /// Where too many wait for one of these already, the answer is 503.
    ///
    /// ```java
    /// Route.get("/report", request -> report(database)).blocking()
    /// ```
    ///
    /// There `Loop.current()` isn't available, and the request's body is read there, too. A body that is written
    /// while it is sent, and a WebSocket's handler, run in the request's own thread as ever.
    public Rule<E> blocking() {
        Rule<E> changed = new Rule<>(this);
        changed.blocking = true;
        return changed;
    }

    /// Redirects to another URL, for those who come by an old one: `"wiki/<page>"` has the rule's own variables in
    /// it. It is absolute, or relative to the application. The query isn't kept.
    public Rule<E> withRedirect(String template) {
        Rule<E> changed = new Rule<>(this);
        changed.redirect = new RedirectTarget.Template(template);
        return changed;
    }

    /// Redirects to a URL that is made from the rule's values.
    public Rule<E> withRedirect(Function<? super PathArguments, String> target) {
        Rule<E> changed = new Rule<>(this);
        changed.redirect = new RedirectTarget.Computed(target);
        return changed;
    }

    /// The same behind a guard, which is asked before those that it has.
    ///
    /// ```java
    /// Route.get("/accounts", Accounts::list).guardedBy(tokens.requireScope("accounts:read"))
    /// ```
    @Override
    public Rule<E> guardedBy(Guard guard) {
        Rule<E> changed = new Rule<>(this);
        changed.guard = guard.then(this.guard);
        return changed;
    }

    Rule<E> withPattern(String other) {
        return new Rule<>(this, ofEndpoint(other, endpoint).pattern, endpoint);
    }

    Rule<E> withEndpoint(E other) {
        return new Rule<>(this, pattern, other);
    }

    /// How much of a request's body is taken at this URL, in place of what the application takes elsewhere.
    public Rule<E> withLimits(Limits limits) {
        Rule<E> changed = new Rule<>(this);
        changed.limits = limits;
        return changed;
    }

    private Rule<E> checked() {
        if (websocket && methods != null && !WEBSOCKET_METHODS.containsAll(methods)) {
            throw new IllegalArgumentException(
                    "WebSocket rule '" + pattern + "' can only have GET, HEAD and OPTIONS, not " + methods);
        }
        return this;
    }

    /// Itself.
    @Override
    public List<Rule<E>> rules() {
        return List.of(this);
    }

    /// The pattern as it was given.
    public String pattern() {
        return pattern;
    }

    public E endpoint() {
        return endpoint;
    }

    /// The methods that are answered, HEAD among them with GET; or empty for all.
    public Optional<Set<String>> allowedMethods() {
        return Optional.ofNullable(methods);
    }

    /// The values that the match has besides those of its variables.
    public Map<String, Object> defaults() {
        return defaults;
    }

    /// How much of a request's body is taken at this URL, if that is something of its own.
    public Optional<Limits> limits() {
        return Optional.ofNullable(limits);
    }

    /// Whether HTTP requests reach the endpoint by it: it isn't only for building, leads to no other URL, and isn't one
    /// for WebSockets.
    public boolean reachesEndpoint() {
        return !buildOnly && !alias && !websocket && redirect == null;
    }

    /// Whether its endpoint is called in a thread for blocking work.
    public boolean isBlocking() {
        return blocking;
    }

    /// What is asked before its endpoint, besides the application's own guard.
    public Guard guard() {
        return guard;
    }

    Optional<RedirectTarget> redirect() {
        return Optional.ofNullable(redirect);
    }

    Optional<String> subdomain() {
        return Optional.ofNullable(subdomain);
    }

    Optional<String> host() {
        return Optional.ofNullable(host);
    }

    boolean strictSlashesOr(boolean ofMap) {
        return strictSlashes == null ? ofMap : strictSlashes;
    }

    boolean mergeSlashesOr(boolean ofMap) {
        return mergeSlashes == null ? ofMap : mergeSlashes;
    }

    boolean isBuildOnly() {
        return buildOnly;
    }

    boolean isAlias() {
        return alias;
    }

    boolean isWebsocket() {
        return websocket;
    }

    /// `/user/<int:id> (GET, HEAD)`
    @Override
    public String toString() {
        return methods == null ? pattern : pattern + " (" + String.join(", ", methods) + ")";
    }
}
