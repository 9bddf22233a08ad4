package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Answer;
import dev.loomgate.bench.harness.Connection;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.RedisProcess;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.ServerProcess;
import dev.loomgate.bench.shared.LoomgateShared;
import dev.loomgate.bench.shared.SharedPaths;
import dev.loomgate.bench.shared.SpringShared;
import dev.loomgate.bench.shared.VertxShared;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// (x) What it costs to read a session and a cached value that several servers share in one Redis.
public final class SharedState implements Table {
    private static final int CONNECTIONS = 32;
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final String LOOMGATE = "Loomgate";
    private static final String VERTX = "Vert.x";
    private static final String SPRING = "Spring Session in Tomcat";

    @Override
    public String letter() {
        return "x";
    }

    @Override
    public String title() {
        return "Sessions and a cache in Redis";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.start(setting.scratch())) {
            RaceTable table = RaceTable.of(
                    setting,
                    CONNECTIONS,
                    List.of(
                            entrant(setting, redis, LOOMGATE, LoomgateShared.class, SharedPaths.PLAIN),
                            entrant(setting, redis, LOOMGATE, LoomgateShared.class, SharedPaths.SESSION),
                            entrant(setting, redis, LOOMGATE, LoomgateShared.class, SharedPaths.CACHE),
                            entrant(setting, redis, LOOMGATE, LoomgateShared.class, SharedPaths.NEAR),
                            entrant(setting, redis, VERTX, VertxShared.class, SharedPaths.PLAIN),
                            entrant(setting, redis, VERTX, VertxShared.class, SharedPaths.CACHE),
                            entrant(setting, redis, SPRING, SpringShared.class, SharedPaths.PLAIN),
                            entrant(setting, redis, SPRING, SpringShared.class, SharedPaths.SESSION),
                            entrant(setting, redis, SPRING, SpringShared.class, SharedPaths.CACHE)));
            return """
                    One Redis, servers with one loop (Tomcat with its defaults), `wrk -t1 -c%d`; each row is a process of its own. `/` doesn't ask
                    Redis, `/session` reads a user from a session by its cookie, `/cache` a value of %d bytes from Redis, `/near` the same from the
                    copy in the process, which Redis keeps up to date. CPU is the server's, without that of Redis. Loomgate writes a session again
                    when half of its time is over, Spring Session after each request. Each has one connection for its calls, pipelined.

                    """.formatted(CONNECTIONS, SharedPaths.USER.length())
                    + table.text(
                            "",
                            new RaceTable.Reference("× Loomgate /", name(LOOMGATE, SharedPaths.PLAIN)),
                            new RaceTable.Reference("× Spring /session", name(SPRING, SharedPaths.SESSION)),
                            new RaceTable.Reference("× Vert.x /cache", name(VERTX, SharedPaths.CACHE)))
                    + "\n"
                    + table.othersText();
        }
    }

    private static String name(String server, String path) {
        return server + ", " + path;
    }

    private static Entrant entrant(Setting setting, RedisProcess redis, String server, Class<?> main, String path) {
        return new Entrant(name(server, path), name -> {
            Address address = Address.free();
            List<String> command = setting.jvm().command(main, redis.uri(), Integer.toString(address.port()));
            ServerProcess process = ServerProcess.start(name, command, setting.scratch());
            if (!path.equals(SharedPaths.SESSION)) {
                return new Contender(process, address, path, SharedPaths.USER);
            }
            try {
                // Who comes without a cookie has no session.
                return new Contender(
                        process,
                        address,
                        path,
                        SharedPaths.NOBODY,
                        List.of("-H", "Cookie: " + login(process, address)));
            } catch (IOException | RuntimeException e) {
                process.close();
                throw e;
            }
        });
    }

    /// @return the cookie of a session that has been read
    private static String login(ServerProcess process, Address address) throws IOException {
        try {
            process.awaitAnswer(address, SharedPaths.PLAIN, SharedPaths.USER, START_LIMIT);
        } catch (ServerFailed e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        String field = address.get(SharedPaths.LOGIN).headers().getOrDefault("set-cookie", "");
        String cookie = field.split(";", 2)[0];
        try (Connection connection = address.connect()) {
            Answer answer = connection.get(SharedPaths.SESSION, "Cookie: " + cookie);
            if (!answer.body().equals(SharedPaths.USER)) {
                throw new IOException(process.name() + " answers " + answer.status() + " " + answer.body()
                        + " to a cookie, not " + SharedPaths.USER);
            }
        }
        return cookie;
    }
}
