package dev.loomgate.bench.routers;

import dev.loomgate.toolkit.routing.FixedBinding;
import dev.loomgate.toolkit.routing.MapAdapter;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Outcome;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A [UrlMap]: numbers have been parsed when it answers.
final class LoomgateFinder implements RouteFinder {
    private final MapAdapter<Integer> urls;

    LoomgateFinder(RouteSet routes) {
        urls = map(routes).bind(FixedBinding.to("localhost"));
    }

    static UrlMap<Integer> map(RouteSet routes) {
        UrlMap.Builder<Integer> map = UrlMap.builder();
        for (int i = 0; i < routes.rules().size(); i++) {
            map.add(Rule.of(routes.rules().get(i), i).withMethods("GET"));
        }
        return map.build();
    }

    @Override
    public Object find(String path) {
        return urls.tryMatch(path, "GET");
    }

    @Override
    public @Nullable Found read(Object answer) {
        return found(answer);
    }

    static @Nullable Found found(Object answer) {
        if (!(answer instanceof Outcome.Found<?>(Match<?> match))) {
            return null;
        }
        Map<String, String> values = new TreeMap<>();
        match.arguments().forEach((name, value) -> values.put(name, value.toString()));
        return new Found((Integer) match.endpoint(), values);
    }
}
