package dev.loomgate.bench.routers;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Variables;
import dev.loomgate.toolkit.routing.Outcome;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A [UrlMap] as an application uses it: bound to a request of its own, which it asks for path and method.
final class BoundLoomgateFinder implements RouteFinder {
    private final UrlMap<Integer> map;

    BoundLoomgateFinder(RouteSet routes) {
        map = LoomgateFinder.map(routes);
    }

    @Override
    public Outcome<Integer> find(String path) {
        return map.bindToEnviron(new Environ(new Get(path))).tryMatch();
    }

    @Override
    public @Nullable Found read(Object answer) {
        return LoomgateFinder.found(answer);
    }

    private record Get(String path) implements Variables {
        @Override
        public @Nullable Object get(String key) {
            return switch (key) {
                case "REQUEST_METHOD" -> "GET";
                case "PATH_INFO" -> path;
                case "wsgi.url_scheme" -> "http";
                default -> null;
            };
        }

        @Override
        public void forEach(BiConsumer<? super String, Object> action) {
            throw new UnsupportedOperationException("no router needs all variables");
        }
    }
}
