package dev.loomgate.bench.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Connection;
import dev.loomgate.bench.harness.RedisProcess;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is measured beside each other does the same.
@Timeout(60)
class SharedServersTest {
    private interface Start {
        AutoCloseable start(String uri, int port, Path folder) throws Exception;
    }

    static Stream<Named<Start>> servers() {
        return Stream.of(
                Named.of("Loomgate", (uri, port, _) -> LoomgateShared.start(uri, port)),
                Named.of("Vert.x", (uri, port, _) -> VertxShared.start(uri, port)),
                Named.of("Spring Session", SpringShared::start));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void eachReadsACachedValue(Start server, @TempDir Path folder) throws Exception {
        Address address = Address.free();
        try (RedisProcess redis = RedisProcess.start(folder);
                AutoCloseable _ = server.start(redis.uri(), address.port(), folder);
                Connection connection = address.connect()) {
            assertThat(connection.get(SharedPaths.PLAIN).body()).isEqualTo(SharedPaths.USER);
            assertThat(connection.get(SharedPaths.CACHE).body()).isEqualTo(SharedPaths.USER);
        }
    }

    static Stream<Named<Start>> serversWithSessions() {
        return servers().filter(server -> !server.getName().equals("Vert.x"));
    }

    @ParameterizedTest
    @MethodSource("serversWithSessions")
    void eachReadsItsSession(Start server, @TempDir Path folder) throws Exception {
        Address address = Address.free();
        try (RedisProcess redis = RedisProcess.start(folder);
                AutoCloseable _ = server.start(redis.uri(), address.port(), folder);
                Connection connection = address.connect()) {
            assertThat(connection.get(SharedPaths.SESSION).body()).isEqualTo(SharedPaths.NOBODY);
            String cookie = connection.get(SharedPaths.LOGIN).headers().getOrDefault("set-cookie", "");
            assertThat(connection
                            .get(SharedPaths.SESSION, "Cookie: " + cookie.split(";", 2)[0])
                            .body())
                    .isEqualTo(SharedPaths.USER);
        }
    }
}
