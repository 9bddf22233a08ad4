package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.redis.SteadyLoad.Sample;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three servers with one limit and one topic, under load.
@Timeout(300)
@Tag("timing")
class RedisLoadTest {
    private static final int SECONDS = Integer.getInteger("loomgate.test.load", 1);
    private static final int MESSAGES_PER_SECOND = 5000;
    private static final int SOCKETS = 2; // of each server
    private static final int PUBLISHERS = 4; // on each server

    private static ThreeServers servers;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        servers = ThreeServers.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        servers.end();
    }

    private static boolean isRefused(Sample sample) {
        return sample.answer().startsWith("429 ");
    }

    /// A bucket has room for the requests of a period, and is refilled evenly. It is empty at each
    /// refusal, so between the first and the last one as many pass as the limit says.
    @Test
    void aLimitOfAHundredASecondOverThreeServersIsKept() throws Exception {
        List<Sample> all;
        try (SteadyLoad load = new SteadyLoad()) {
            for (SocketAddress server : servers.addresses()) {
                for (int i = 0; i < 4; i++) {
                    load.ask(server, "/limited", "X-None: 1", Duration.ofMillis(40));
                }
            }
            Eventually.await("one is refused", () -> !load.samples(RedisLoadTest::isRefused)
                    .isEmpty());
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS + 2).toNanos();
            Eventually.await(Duration.ofMinutes(2), () -> "time passes", () -> System.nanoTime() - end >= 0);
            all = load.samples(sample -> true);
        }
        LongStream refused = all.stream().filter(RedisLoadTest::isRefused).mapToLong(Sample::end);
        long[] ends = refused.sorted().toArray();
        long first = ends[0];
        long last = ends[ends.length - 1];
        List<Sample> passed =
                all.stream().filter(sample -> sample.answer().equals("200 in")).toList();
        long between = passed.stream()
                .filter(sample -> sample.end() - first > 0 && sample.end() - last <= 0)
                .count();
        double seconds = (last - first) / 1e9;
        System.out.printf(
                "a limit of %d/s over three servers: %.1f/s of %.0f/s pass%n",
                SharingServer.LIMIT,
                between / seconds,
                all.size() / ((last - all.getFirst().due()) / 1e9));

        assertThat(passed.size() + ends.length).isEqualTo(all.size());
        assertThat(passed.stream().filter(sample -> sample.end() - first <= 0).count())
                .as("at once")
                .isGreaterThanOrEqualTo(SharingServer.LIMIT - 5);
        assertThat((double) between)
                .isBetween(0.95 * SharingServer.LIMIT * seconds, 1.05 * SharingServer.LIMIT * seconds);
    }

    private static long publish(SocketAddress server, String path, String order) throws IOException {
        try (HttpPeer peer = HttpPeer.to(server)) {
            HttpPeer.Answer answer = peer.post(path, order.length()).send(order).answer();
            assertThat(answer.status()).isEqualTo(200);
            return Long.parseLong(answer.text());
        }
    }

    private static WebSocketPeer subscribe(HttpPeer peer, String path) throws IOException {
        WebSocketPeer socket = WebSocketPeer.over(peer, path);
        assertThat(socket.next().text()).isEqualTo("subscribed");
        return socket;
    }

    /// Reads so many messages, and checks that those of each publisher come one after the other.
    ///
    /// @param next the number of each publisher's next message
    /// @return how long each was under way, in nanoseconds
    private static List<Long> read(WebSocketPeer socket, int count, Map<String, Integer> next) throws IOException {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            WebSocketPeer.Frame frame = socket.next();
            String[] parts = frame.text().split(" ", -1);
            assertThat(frame.first()).as(frame.toString()).isEqualTo(WebSocketPeer.TEXT);
            assertThat(Integer.parseInt(parts[1])).as(parts[0]).isEqualTo(next.getOrDefault(parts[0], 0));
            next.merge(parts[0], 1, Integer::sum);
            times.add(System.nanoTime() - Long.parseLong(parts[2]));
        }
        return times;
    }

    @Test
    void whatAnyServerPublishesReachesAllWebSocketsOfAllInOrder() throws Exception {
        int publishers = servers.addresses().size() * PUBLISHERS;
        int each = MESSAGES_PER_SECOND * SECONDS / publishers;
        long period = 1_000_000L * publishers / MESSAGES_PER_SECOND;
        List<WebSocketPeer> sockets = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        long longest = 0;
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<List<Long>>> reading = new ArrayList<>();
            List<Future<Long>> publishing = new ArrayList<>();
            for (SocketAddress server : servers.addresses()) {
                for (int i = 0; i < SOCKETS; i++) {
                    WebSocketPeer socket = subscribe(HttpPeer.to(server), "/feed");
                    sockets.add(socket);
                    reading.add(threads.submit(() -> read(socket, each * publishers, new HashMap<>())));
                }
            }
            for (SocketAddress server : servers.addresses()) {
                for (int i = 0; i < PUBLISHERS; i++) {
                    String order = "publisher%d %d %d 0".formatted(publishing.size(), each, period);
                    publishing.add(threads.submit(() -> publish(server, "/publish", order)));
                }
            }
            for (Future<Long> one : publishing) {
                longest = Math.max(longest, one.get());
            }
            for (Future<List<Long>> one : reading) {
                times.addAll(one.get());
            }
        } finally {
            for (WebSocketPeer socket : sockets) {
                socket.close();
            }
        }
        times.sort(null);
        System.out.printf(
                "%d messages over three servers, at %.0f/s, to %d WebSockets: half of them in %.1f ms, 99 %% in %.1f ms%n",
                each * publishers,
                each * publishers / (longest / 1e9),
                sockets.size(),
                times.get(times.size() / 2) / 1e6,
                times.get(times.size() * 99 / 100) / 1e6);

        assertThat(times).hasSize(each * publishers * sockets.size());
        if (SECONDS > 1) {
            assertThat(longest).isLessThan(Duration.ofSeconds(SECONDS).toNanos() * 11 / 10);
        }
    }

    @Test
    void aWebSocketThatIsNotReadIsClosedAndNobodyWaitsForIt() throws Exception {
        SocketAddress of = servers.addresses().get(1);
        List<WebSocketPeer> quick = new ArrayList<>();
        List<Map<String, Integer>> next = new ArrayList<>();
        int published = 0;
        try (WebSocketPeer slow = subscribe(HttpPeer.slowTo(of), "/narrow");
                HttpPeer asking = HttpPeer.to(of)) {
            for (SocketAddress server : servers.addresses()) {
                quick.add(subscribe(HttpPeer.to(server), "/narrow"));
                next.add(new HashMap<>());
            }
            // Half a queue at once, so that a reader that reads is never too slow.
            for (int i = 0; i < 200 && asking.get("/ended").answer().text().equals("0"); i++) {
                publish(servers.addresses().getFirst(), "/publish/narrow", "publisher" + i + " 50 0 8000");
                published += 50;
                for (int j = 0; j < quick.size(); j++) {
                    read(quick.get(j), 50, next.get(j));
                }
            }
            assertThat(asking.get("/ended").answer().text()).isEqualTo("1");

            int seen = 0;
            WebSocketPeer.Frame frame = slow.next();
            for (; frame.first() == WebSocketPeer.TEXT; frame = slow.next()) {
                assertThat(frame.text()).startsWith("publisher" + seen / 50 + " " + seen % 50 + " ");
                seen++;
            }
            assertThat(frame.closeCode()).isEqualTo(1008);
            assertThat(seen).isBetween(1, published - 100);
        } finally {
            for (WebSocketPeer socket : quick) {
                socket.close();
            }
        }
    }
}
