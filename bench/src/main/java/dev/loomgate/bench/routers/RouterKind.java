package dev.loomgate.bench.routers;

import org.jspecify.annotations.Nullable;

/// The routers that [RouterBenchmark] knows.
public enum RouterKind {
    NONE("(making the path)") {
        @Override
        RouteFinder finder(RouteSet routes) {
            return new Echo();
        }
    },
    LOOMGATE("Loomgate, `MapAdapter.tryMatch`") {
        @Override
        RouteFinder finder(RouteSet routes) {
            return new LoomgateFinder(routes);
        }
    },
    LOOMGATE_BOUND("Loomgate, `bindToEnviron` too") {
        @Override
        RouteFinder finder(RouteSet routes) {
            return new BoundLoomgateFinder(routes);
        }
    },
    JOOBY("Jooby, `Router.match`") {
        @Override
        RouteFinder finder(RouteSet routes) {
            return new JoobyFinder(routes);
        }
    },
    VERTX("Vert.x-web, `Router.handle`") {
        @Override
        RouteFinder finder(RouteSet routes) throws Exception {
            return new VertxFinder(routes);
        }
    };

    private final String shown;

    RouterKind(String shown) {
        this.shown = shown;
    }

    abstract RouteFinder finder(RouteSet routes) throws Exception;

    /// As it stands in the table.
    public String shown() {
        return shown;
    }

    private static final class Echo implements RouteFinder {
        @Override
        public Object find(String path) {
            return path;
        }

        @Override
        public @Nullable Found read(Object answer) {
            return null;
        }
    }
}
