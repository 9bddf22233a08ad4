package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.matching.RuleToken;
import dev.loomgate.toolkit.syntax.Percent;
import dev.loomgate.toolkit.syntax.PlainNumber;
import dev.loomgate.toolkit.syntax.QueryString;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Builds one URL of an endpoint.
///
/// ```java
/// urls.url(UserResource.class).with("id", 42).with("tab", "posts").build();      // /user/42?tab=posts
/// urls.url("index").external().scheme("https").build();                          // https://example.com/
/// ```
///
/// @param <E> the endpoints' type
public final class UrlBuilder<E> {
    private final UrlMap<E> map;
    private final RequestBinding binding;
    private final E endpoint;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private @Nullable String method;
    private @Nullable String scheme;
    private boolean external;
    private boolean appendUnknown = true;

    UrlBuilder(UrlMap<E> map, RequestBinding binding, E endpoint) {
        this.map = map;
        this.binding = binding;
        this.endpoint = endpoint;
    }

    /// A value: of a variable, or of the query if the rule has no variable of that name. An Iterable or an array makes
    /// a pair of the query for each element that isn't null; null, and an empty Optional, are no value.
    public UrlBuilder<E> with(String name, @Nullable Object value) {
        Object given = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        if (given != null) {
            values.put(name, given);
        }
        return this;
    }

    /// Several values; null stands for none.
    public UrlBuilder<E> with(Map<String, ?> more) {
        more.forEach(this::with);
        return this;
    }

    /// The URL for this method, where the endpoint has several; else the request's own method is preferred.
    public UrlBuilder<E> method(String method) {
        this.method = method;
        return this;
    }

    /// An absolute URL, as for a mail.
    public UrlBuilder<E> external() {
        external = true;
        return this;
    }

    /// The scheme of an absolute URL, instead of the request's; empty for one that begins with `//`.
    public UrlBuilder<E> scheme(String scheme) {
        this.scheme = scheme;
        return this;
    }

    /// Leaves out values that are no variables, instead of making a query of them.
    public UrlBuilder<E> withoutUnknown() {
        appendUnknown = false;
        return this;
    }

    /// The URL.
    ///
    /// @throws BuildError if no rule of the endpoint has these variables
    /// @throws IllegalArgumentException if a variable's converter refuses its value
    public String build() {
        CompiledRule<E> rule = method == null ? choose(binding.method()) : null;
        if (rule == null) {
            rule = choose(method);
        }
        if (rule == null) {
            throw new BuildError(map, endpoint, values, method);
        }
        return url(rule);
    }

    /// The redirect from another rule to this one.
    String redirect(CompiledRule<E> rule, Map<String, ?> matched) {
        with(matched);
        return Urls.absolute(binding, map.settings(), domain(rule), path(rule));
    }

    private @Nullable CompiledRule<E> choose(@Nullable String forMethod) {
        boolean byHost = map.settings().hostMatching();
        CompiledRule<E> first = null;
        for (CompiledRule<E> rule : map.ofEndpoint(endpoint)) {
            if (rule.suits(values, forMethod)) {
                if (!byHost || domain(rule).equals(binding.serverName())) {
                    return rule;
                }
                first = first == null ? rule : first;
            }
        }
        return first;
    }

    private String url(CompiledRule<E> rule) {
        MapSettings settings = map.settings();
        String domain = domain(rule);
        String host = Urls.host(binding, settings, domain);
        String path = path(rule) + query(rule);
        boolean here = settings.hostMatching()
                ? host.equals(binding.serverName())
                : domain.equals(Objects.requireNonNullElse(binding.subdomain(), settings.defaultSubdomain()));
        if (here && !external && !rule.isWebsocket()) {
            return Urls.withoutTrailingSlashes(binding.scriptName()) + "/" + Urls.withoutLeadingSlashes(path);
        }
        String prefix = scheme(rule);
        String script = binding.scriptName();
        return (prefix.isEmpty() ? "" : prefix + ":")
                + "//"
                + host
                + script.substring(0, script.length() - 1)
                + "/"
                + Urls.withoutLeadingSlashes(path);
    }

    private String scheme(CompiledRule<E> rule) {
        String wanted = scheme == null ? binding.scheme() : scheme;
        boolean secure = wanted.equals("https") || wanted.equals("wss");
        if (rule.isWebsocket()) {
            return secure ? "wss" : "ws";
        }
        return wanted.isEmpty() ? "" : secure ? "https" : "http";
    }

    private String domain(CompiledRule<E> rule) {
        return text(rule, rule.domainTokens());
    }

    private String path(CompiledRule<E> rule) {
        return text(rule, rule.pathTokens());
    }

    private String text(CompiledRule<E> rule, List<RuleToken> tokens) {
        StringBuilder text = new StringBuilder();
        for (RuleToken token : tokens) {
            switch (token) {
                case RuleToken.Slash() -> text.append('/');
                case RuleToken.Static(String fixed) -> text.append(Percent.quote(fixed, Percent.PATH));
                case RuleToken.Variable variable -> text.append(value(rule, variable.name()));
            }
        }
        return text.toString();
    }

    private String value(CompiledRule<E> rule, String name) {
        Object value = rule.rule.defaults().getOrDefault(name, values.get(name));
        return Objects.requireNonNull(rule.converters().get(name)).toUrl(Objects.requireNonNull(value));
    }

    private String query(CompiledRule<E> rule) {
        if (!appendUnknown) {
            return "";
        }
        StringBuilder query = new StringBuilder();
        values.forEach((name, value) -> {
            if (!rule.arguments.contains(name)) {
                switch (value) {
                    case Iterable<?> several -> several.forEach(one -> append(name, one, query));
                    case Object[] several -> Arrays.stream(several).forEach(one -> append(name, one, query));
                    case int[] several -> Arrays.stream(several).forEach(one -> append(name, one, query));
                    case long[] several -> Arrays.stream(several).forEach(one -> append(name, one, query));
                    case double[] several -> Arrays.stream(several).forEach(one -> append(name, one, query));
                    default -> append(name, value, query);
                }
            }
        });
        return query.isEmpty() ? "" : "?" + query;
    }

    private static void append(String name, @Nullable Object value, StringBuilder query) {
        Object given = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        if (given != null) {
            QueryString.append(name, PlainNumber.text(given), query);
        }
    }
}
