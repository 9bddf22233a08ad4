package dev.loomgate.bench.routers;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// How long a router takes to find a route. Each path is a new String, as it is in a server, so that its hash isn't
/// known yet; the router [RouterKind#NONE] shows what that alone takes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {
    /// The router. Only its own classes are loaded by the process that measures it.
    @Param
    public RouterKind router = RouterKind.NONE;

    /// How many rules it has.
    @Param({"10", "100", "1000"})
    public int rules;

    /// Whether the paths match.
    @Param({"hit", "miss"})
    public String paths = "";

    private @Nullable RouteFinder finder;
    private byte[][] requests = new byte[0][];
    private int next;

    /// Gives the router its rules.
    @Setup
    public void open() throws Exception {
        RouteSet routes = RouteSet.of(rules);
        finder = router.finder(routes);
        List<String> texts = paths.equals("hit") ? routes.hits() : routes.misses();
        requests = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
    }

    /// Ends its threads, if it has any.
    @TearDown
    public void close() {
        Objects.requireNonNull(finder).close();
    }

    /// One path's route.
    @Benchmark
    public Object find() throws Exception {
        if (++next >= requests.length) {
            next = 0;
        }
        return Objects.requireNonNull(finder).find(new String(requests[next], StandardCharsets.ISO_8859_1));
    }
}
