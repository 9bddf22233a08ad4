package dev.loomgate.bench;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Variables;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// One call of an application that says hello, with a new environ, and a container that does nothing but take what
/// it is given.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HelloBenchmark {
    private static final Variables REQUEST = new Given(Map.of(
            "REQUEST_METHOD", "GET",
            "SCRIPT_NAME", "",
            "PATH_INFO", "/",
            "REQUEST_URI", "/",
            "QUERY_STRING", "",
            "SERVER_NAME", "localhost",
            "SERVER_PORT", "80",
            "SERVER_PROTOCOL", "HTTP/1.1",
            "HTTP_HOST", "localhost",
            "wsgi.url_scheme", "http"));

    /// `--app` of [HelloLoomgate].
    @Param({"hello", "toolkit"})
    public String app = "";

    private Application application = Applications::hello;

    /// Makes the application.
    @Setup
    public void application() {
        application = Applications.named(app);
    }

    /// One request.
    @Benchmark
    public void call(Blackhole container) throws Exception {
        try (Body body = application.call(new Environ(REQUEST), (status, headers, _) -> {
            container.consume(status);
            container.consume(headers);
        })) {
            container.consume(body);
        }
    }

    private record Given(Map<String, Object> all) implements Variables {
        @Override
        public @Nullable Object get(String key) {
            return all.get(key);
        }

        @Override
        public void forEach(BiConsumer<? super String, Object> action) {
            all.forEach(action);
        }
    }
}
