package dev.loomgate.bench.routers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.routers.RouteFinder.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutersTest {
    @ParameterizedTest
    @EnumSource(names = {"LOOMGATE", "LOOMGATE_BOUND", "JOOBY", "VERTX"})
    void everyRouterFindsTheSameRulesAndValues(RouterKind kind) throws Exception {
        for (int size : List.of(10, 100, 1_000)) {
            RouteSet routes = RouteSet.of(size);
            try (RouteFinder finder = kind.finder(routes)) {
                for (String path : routes.hits()) {
                    Found found = Objects.requireNonNull(finder.read(finder.find(path)), path);
                    assertThat(filled(routes, found)).isEqualTo(path);
                }
                for (String path : routes.misses()) {
                    assertThat(finder.read(finder.find(path))).as(path).isNull();
                }
            }
        }
    }

    private static String filled(RouteSet routes, Found found) {
        String path = routes.rules().get(found.rule()).replace("<int:", "<");
        for (Map.Entry<String, String> value : found.values().entrySet()) {
            path = path.replace("<" + value.getKey() + ">", value.getValue());
        }
        return path;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void everyRuleIsAskedForEquallyOftenAndInNoOrder(int size) throws Exception {
        RouteSet routes = RouteSet.of(size);
        Map<Integer, Integer> counts = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        try (RouteFinder finder = new LoomgateFinder(routes)) {
            for (String path : routes.hits()) {
                int rule =
                        Objects.requireNonNull(finder.read(finder.find(path))).rule();
                counts.merge(rule, 1, Integer::sum);
                order.add(rule);
            }
        }

        assertThat(routes.rules()).hasSize(size).doesNotHaveDuplicates();
        assertThat(new HashSet<>(counts.values())).containsExactly(2_000 / size);
        assertThat(order).isNotEqualTo(order.stream().sorted().toList());
        assertThat(RouteSet.of(size)).isEqualTo(routes);
    }
}
