package dev.loomgate.bench.routers;

import io.jooby.ForwardingContext;
import io.jooby.Jooby;
import io.jooby.Router;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Jooby's `Router.match`. Values stay text: a handler makes numbers of them.
final class JoobyFinder implements RouteFinder {
    private static final String RULE = "rule";

    private final Jooby router = new Jooby();

    JoobyFinder(RouteSet routes) {
        for (int i = 0; i < routes.rules().size(); i++) {
            String pattern = routes.rules().get(i).replaceAll("<(?:int:)?(\\w+)>", "{$1}");
            router.get(pattern, _ -> "").setAttributes(Map.of(RULE, i));
        }
    }

    @Override
    public Router.Match find(String path) {
        return router.match(new Get(path));
    }

    @Override
    public @Nullable Found read(Object answer) {
        Router.Match match = (Router.Match) answer;
        return match.matches() && match.route().getAttributes().get(RULE) instanceof Integer rule
                ? new Found(rule, new TreeMap<>(match.pathMap()))
                : null;
    }

    /// A request as far as the router looks at it.
    private static final class Get extends ForwardingContext {
        private final String path;

        Get(String path) {
            super(null);
            this.path = path;
        }

        @Override
        public String getMethod() {
            return Router.GET;
        }

        @Override
        public String getRequestPath() {
            return path;
        }
    }
}
