package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.MethodNotAllowed;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.RequestRedirect;
import dev.loomgate.toolkit.routing.matching.Search;
import dev.loomgate.toolkit.routing.matching.Verb;
import dev.loomgate.toolkit.syntax.Percent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A [UrlMap] for one request: finds its endpoint, and builds URLs as seen from it.
///
/// Belongs to the request's thread.
///
/// @param <E> the endpoints' type
public final class MapAdapter<E> {
    private static final Pattern SLASHES = Pattern.compile("/{2,}");

    private final UrlMap<E> map;
    private final RequestBinding binding;

    MapAdapter(UrlMap<E> map, RequestBinding binding) {
        this.map = map;
        this.binding = binding;
    }

    /// What the request leads to.
    ///
    /// @throws NotFound if no rule matches its path
    /// @throws MethodNotAllowed if rules match its path for other methods only; it names them all
    /// @throws RequestRedirect if there is a better URL for it
    /// @throws BadRequest if the rule is for WebSockets and the request isn't, or the other way round
    public Match<E> match() {
        return match(binding.path(), binding.method());
    }

    /// What this path and method lead to.
    ///
    /// @param path the path below the application, decoded
    /// @throws NotFound and others, as [#match()]
    public Match<E> match(String path, String method) {
        return switch (tryMatch(path, method)) {
            case Outcome.Found<E>(Match<E> match) -> match;
            case Outcome.Redirect<E>(String url) -> throw new RequestRedirect(url);
            case Outcome.WrongMethod<E>(Set<String> allowed) -> throw new MethodNotAllowed(allowed);
            case Outcome.WebsocketMismatch<E> _ -> throw new BadRequest();
            case Outcome.Missing<E> _ -> throw new NotFound();
        };
    }

    /// What the request leads to, as a value.
    public Outcome<E> tryMatch() {
        return tryMatch(binding.path(), binding.method());
    }

    /// What this path and method lead to, as a value.
    ///
    /// @param path the path below the application, decoded
    public Outcome<E> tryMatch(String path, String method) {
        Verb verb = Verb.of(method.toUpperCase(Locale.ROOT));
        String normal = normalized(path);
        String domain = domain();
        boolean websocket = binding.websocket();
        CompiledRule<E> fixed = domain.isEmpty() ? fixed(normal, verb, websocket) : null;
        if (fixed != null) {
            return found(fixed, fixed.constant, verb);
        }
        Search<CompiledRule<E>> search = new Search<>(domain, normal, verb, websocket);
        Search.Candidate<CompiledRule<E>> candidate = search.walk(map.root());
        if (candidate != null) {
            return candidate.slash()
                    ? redirect(normal + "/")
                    : found(candidate.rule(), candidate.rule().match(candidate.values()), verb);
        }
        if (map.settings().mergeSlashes() && normal.contains("//")) {
            String merged = SLASHES.matcher(normal).replaceAll("/");
            Search<CompiledRule<E>> again = new Search<>(domain, merged, verb, websocket);
            again.takeOver(search);
            candidate = again.walk(map.root());
            if (candidate != null && (candidate.slash() || candidate.rule().mergesSlashes())) {
                return redirect(candidate.slash() ? merged + "/" : merged);
            }
            search = again;
        }
        return !search.allowed().isEmpty()
                ? new Outcome.WrongMethod<>(search.allowed())
                : search.websocketMismatch() ? new Outcome.WebsocketMismatch<>() : new Outcome.Missing<>();
    }

    /// Whether the path leads anywhere, be it by a redirect.
    public boolean test(String path, String method) {
        return switch (tryMatch(path, method)) {
            case Outcome.Found<E> _, Outcome.Redirect<E> _ -> true;
            case Outcome.WrongMethod<E> _, Outcome.WebsocketMismatch<E> _, Outcome.Missing<E> _ -> false;
        };
    }

    /// The methods that rules name for this path, sorted; empty where there is no rule, or one for all methods.
    public Set<String> allowedMethods(String path) {
        return tryMatch(path, "--") instanceof Outcome.WrongMethod<E>(Set<String> allowed) ? allowed : Set.of();
    }

    /// What each rule says to this path, in the order in which they are asked: for people who wonder why.
    ///
    /// @param path the path below the application, decoded
    public List<Explanation<E>> explain(String path, String method) {
        Verb verb = Verb.of(method.toUpperCase(Locale.ROOT));
        return new Explainer<>(map, domain(), normalized(path), verb, binding.websocket()).explain();
    }

    /// The URL of an endpoint without variables: its path, or an absolute URL where it is on another host.
    ///
    /// @throws BuildError if no rule of the endpoint does without values
    public String build(E endpoint) {
        return build(endpoint, Map.of());
    }

    /// The URL of an endpoint with these values for its variables; values that aren't variables make the query.
    ///
    /// @throws BuildError if no rule of the endpoint has these variables
    /// @throws IllegalArgumentException if a variable's converter refuses its value
    public String build(E endpoint, Map<String, ?> values) {
        return url(endpoint).with(values).build();
    }

    /// The URL of an endpoint, with all choices.
    public UrlBuilder<E> url(E endpoint) {
        return new UrlBuilder<>(map, binding, endpoint);
    }

    private String domain() {
        if (map.settings().hostMatching()) {
            return binding.serverName();
        }
        String subdomain = binding.subdomain();
        return subdomain == null ? map.settings().defaultSubdomain() : subdomain;
    }

    private @Nullable CompiledRule<E> fixed(String path, Verb verb, boolean websocket) {
        List<CompiledRule<E>> rules = map.fixed(path);
        if (rules != null) {
            for (int i = 0; i < rules.size(); i++) {
                CompiledRule<E> rule = rules.get(i);
                if (rule.isWebsocket() == websocket && rule.allows(verb)) {
                    return rule;
                }
            }
        }
        return null;
    }

    private Outcome<E> found(CompiledRule<E> rule, Match<E> match, Verb verb) {
        return rule.leadsElsewhere ? elsewhere(rule, match, verb.name()) : new Outcome.Found<>(match);
    }

    private Outcome<E> elsewhere(CompiledRule<E> rule, Match<E> match, String method) {
        if (rule.rule.isAlias() && map.settings().redirectDefaults()) {
            return new Outcome.Redirect<>(withQuery(new UrlBuilder<>(map, binding, rule.rule.endpoint())
                    .with(match.arguments())
                    .method(method)
                    .external()
                    .withoutUnknown()
                    .build()));
        }
        for (CompiledRule<E> canonical : rule.canonical) {
            if (canonical.suits(match.arguments(), method)) {
                return new Outcome.Redirect<>(withQuery(
                        new UrlBuilder<>(map, binding, rule.rule.endpoint()).redirect(canonical, match.arguments())));
            }
        }
        Optional<RedirectTarget> target = rule.rule.redirect();
        return target.isPresent()
                ? new Outcome.Redirect<>(resolved(target.get().url(match.arguments(), rule.converters())))
                : new Outcome.Found<>(match);
    }

    /// The URL, absolute, where it is relative to the application's root.
    private String resolved(String url) {
        String root = Urls.absolute(binding, map.settings(), null, "");
        if (root.startsWith("/")) {
            // Of a request without a host.
            return url.startsWith("/") || isAbsolute(url) ? url : root + url;
        }
        if (url.startsWith("//")) {
            return root.substring(0, root.indexOf(':') + 1) + url;
        }
        if (url.startsWith("/")) {
            return root.substring(0, root.indexOf('/', root.indexOf("://") + 3)) + url;
        }
        return isAbsolute(url) ? url : root + url;
    }

    private static boolean isAbsolute(String url) {
        return url.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*");
    }

    private Outcome<E> redirect(String path) {
        return new Outcome.Redirect<>(
                withQuery(Urls.absolute(binding, map.settings(), null, Percent.quote(path, Percent.PATH))));
    }

    private String withQuery(String url) {
        String query = binding.queryString();
        return query.isEmpty() ? url : url + "?" + query;
    }

    private static String normalized(String path) {
        if (path.isEmpty() || (path.charAt(0) == '/' && (path.length() == 1 || path.charAt(1) != '/'))) {
            return path;
        }
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return "/" + path.substring(start);
    }
}
