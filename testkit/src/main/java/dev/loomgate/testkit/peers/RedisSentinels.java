package dev.loomgate.testkit.peers;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A real Redis with a replica, and three sentinels that make the replica the master when the first one has been
/// silent for a second. On free ports of 127.0.0.1.
///
/// ```java
/// try (RedisSentinels redis = RedisSentinels.start(directory)) {
///     redis.master().kill();
/// }
/// ```
public final class RedisSentinels implements AutoCloseable {
    /// The master's name.
    public static final String NAME = "shop";

    private static final int SENTINELS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Sentinel> sentinels = new ArrayList<>();

    private record Sentinel(int port, Program program) {}

    private RedisSentinels() {}

    /// Starts all of them, and waits until they know each other and the replica has what the master has.
    ///
    /// @param parent where their directories are made
    /// @throws IOException if one doesn't start; with what it says
    public static RedisSentinels start(Path parent) throws Exception {
        RedisSentinels all = new RedisSentinels();
        boolean isGood = false;
        try {
            RedisServer master = RedisServer.start(parent);
            all.servers.add(master);
            // It waits for five seconds otherwise, for more replicas.
            master.ask("CONFIG", "SET", "repl-diskless-sync-delay", "0");
            RedisServer replica = RedisServer.startReplica(parent, master);
            all.servers.add(replica);
            Eventually.await(LIMIT, () -> "a replica with all that there is", () -> replica.ask("INFO", "replication")
                    .contains("master_link_status:up"));
            for (int i = 0; i < SENTINELS; i++) {
                all.startSentinel(parent, master.port());
            }
            for (int i = 0; i < SENTINELS; i++) {
                int number = i;
                Eventually.await(
                        LIMIT,
                        () -> "sentinels that know each other",
                        () -> all.knows(number, "slaves=1,sentinels=" + SENTINELS));
            }
            isGood = true;
            return all;
        } finally {
            if (!isGood) {
                all.close();
            }
        }
    }

    private void startSentinel(Path parent, int master) throws IOException {
        Path directory = Files.createTempDirectory(parent, "sentinel-");
        int port = Nginx.freePort();
        // A sentinel writes what it finds out into its file.
        Path file = Files.writeString(
                directory.resolve("sentinel.conf"), """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor %s 127.0.0.1 %d 2
                sentinel down-after-milliseconds %s 1000
                sentinel failover-timeout %s 10000
                """.formatted(port, directory, NAME, master, NAME, NAME));
        Program program = Program.start(directory, List.of("/usr/bin/redis-server", file.toString(), "--sentinel"));
        sentinels.add(new Sentinel(port, program));
        program.awaitAccepting(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private boolean knows(int sentinel, String what) throws IOException, InterruptedException {
        return ask(sentinel, "INFO", "sentinel").contains(what);
    }

    private String ask(int sentinel, String... command) throws IOException, InterruptedException {
        return RedisServer.ask(sentinels.get(sentinel).port(), command);
    }

    /// `redis-sentinel://127.0.0.1:PORT,127.0.0.1:PORT,127.0.0.1:PORT/0#shop`.
    public String uri() {
        return "redis-sentinel://%s/0#%s"
                .formatted(
                        sentinels.stream()
                                .map(each -> "127.0.0.1:" + each.port())
                                .collect(Collectors.joining(",")),
                        NAME);
    }

    /// The first master.
    public RedisServer master() {
        return servers.getFirst();
    }

    /// The first replica, which becomes the master.
    public RedisServer replica() {
        return servers.getLast();
    }

    /// Waits until the replica has what the master has been told until now.
    public void awaitReplica() throws Exception {
        String offset = offset(master(), "master_repl_offset:");
        Eventually.await(
                "the replica has it",
                () -> Long.parseLong(offset(replica(), "slave_repl_offset:")) >= Long.parseLong(offset));
    }

    private static String offset(RedisServer server, String name) throws IOException, InterruptedException {
        return server.ask("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(name.length()).strip())
                .orElse("-1");
    }

    /// Has a sentinel make the replica the master while the master lives, which then is the replica.
    public void failOver() throws IOException, InterruptedException {
        ask(0, "SENTINEL", "FAILOVER", NAME);
    }

    /// Waits until one of the two is a `master` or a `slave`. The sentinels, which make it that, end its connections.
    public static void awaitRole(RedisServer server, String role) throws Exception {
        Eventually.await(LIMIT, () -> "a " + role, () -> {
            try {
                return server.ask("INFO", "replication").contains("role:" + role);
            } catch (AssertionError e) {
                // The client says that its connection was ended.
                return false;
            }
        });
    }

    /// Sends a sentinel a signal, such as `STOP` or `KILL`.
    ///
    /// @param number 0 to 2
    public void signalSentinel(int number, String name) throws IOException, InterruptedException {
        Processes.signal(sentinels.get(number).program().pid(), name);
    }

    @Override
    public void close() {
        for (Sentinel each : sentinels) {
            try {
                if (Processes.exists(each.program().pid())) {
                    // A stopped one gets nothing else.
                    Processes.signal(each.program().pid(), "KILL");
                }
            } catch (IOException e) {
                // It has ended meanwhile.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            each.program().close();
        }
        servers.forEach(RedisServer::close);
    }
}
