package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Python site in a process of its own, as operators treat it.
@Timeout(900)
class PythonSiteTest {
    private static final int RELOADS = Integer.getInteger("loomgate.test.reloads", 10);
    private static final int CLIENTS = 4;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private LoomgateProcess start(String... more) throws Exception {
        Files.writeString(directory.resolve("site1.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Length", "5")])
                    return [b"hello"]
                """);
        return LoomgateProcess.start(
                directory,
                Stream.concat(
                                Stream.of(
                                        "--http",
                                        "127.0.0.1:0",
                                        "-w",
                                        "site1",
                                        "-p",
                                        "2",
                                        "--python",
                                        Python.DEBIAN,
                                        "--env",
                                        "TMPDIR=" + directory),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private List<ProcessHandle> children(LoomgateProcess site) {
        return ProcessHandle.of(site.pid()).orElseThrow().descendants().toList();
    }

    private void ask(InetSocketAddress address) {
        while (!stopped.get()) {
            try (RawClient client = RawClient.connect(address)) {
                while (!stopped.get()) {
                    String answer = new String(client.send(REQUEST).receive(10_000), StandardCharsets.US_ASCII);
                    count(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("hello") ? "200" : answer);
                }
            } catch (IOException e) {
                count(e.toString());
            }
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, key -> new AtomicInteger()).incrementAndGet();
    }

    @Test
    void reloadsBySighupLoseNothingAndLeaveNothing() throws Exception {
        try (LoomgateProcess site = start();
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            URI uri = site.uri("/");
            InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> ask(address));
            }
            Pattern loaded = Pattern.compile("site1 is reloaded: generation ([0-9]+) serves");
            int descriptors = 0;
            long resident = 0;
            int settled = RELOADS / 2;
            for (int round = 1; round <= RELOADS; round++) {
                site.signal("HUP");
                String generation = Integer.toString(round + 1);
                Eventually.await("generation " + generation, () -> loaded.matcher(site.err())
                        .results()
                        .anyMatch(result -> result.group(1).equals(generation)));
                if (round == settled) {
                    Eventually.await("one generation", () -> children(site).size() == 3);
                    descriptors = Processes.descriptors(site.pid());
                    resident = Processes.residentKib(site.pid());
                }
            }
            Eventually.await("one generation", () -> children(site).size() == 3);
            int before = descriptors;
            stopped.set(true);
            clients.shutdown();
            Eventually.await("descriptors", () -> Processes.descriptors(site.pid()) <= before);
            long grown = Processes.residentKib(site.pid()) - resident;
            System.out.printf(
                    "%d reloads by SIGHUP: %s, %d descriptors, resident %d KiB %+d KiB from the %dth on%n",
                    RELOADS, outcomes, before, resident, grown, settled);
            assertThat(outcomes.keySet()).containsExactly("200");
            assertThat(grown).isLessThan(32 << 10);
            assertThat(site.signal("TERM").status()).isZero();
        }
        assertThat(directories()).isEmpty();
    }

    @Test
    void behindNginxReloadsLoseNothingWhileWorkersTakeConnections() throws Exception {
        Path socket = directory.resolve("site.sock");
        try (LoomgateProcess site = start("-s", socket.toString(), "--chmod-socket=666", "--direct", "on");
                Nginx nginx =
                        Nginx.start(directory, "keepalive_requests 1000000;", Nginx.uwsgiPass("/", "unix:" + socket));
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            assertThat(site.err()).contains("workers take its connections (--direct)");
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> ask(new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port())));
            }
            for (int round = 1; round <= 3; round++) {
                site.signal("HUP");
                String reloaded = "site1 is reloaded: generation %d serves".formatted(round + 1);
                Eventually.await(reloaded, () -> site.err().contains(reloaded));
            }
            Eventually.await("one generation", () -> children(site).size() == 3);
            stopped.set(true);
            clients.shutdown();
            assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(outcomes.keySet()).containsExactly("200");
            assertThat(site.signal("TERM").status()).isZero();
        }
        assertThat(socket).doesNotExist();
    }

    private List<Path> directories() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("loomgate-"))
                    .toList();
        }
    }

    @Test
    void aKilledServerTakesItsWorkersAlong() throws Exception {
        List<ProcessHandle> children;
        try (LoomgateProcess site = start()) {
            children = children(site);
            assertThat(children).hasSize(3);
            site.signal("KILL");
            site.status();
        }
        Eventually.await("the workers' end", () -> children.stream().noneMatch(ProcessHandle::isAlive));
        Eventually.await("no directory", () -> directories().isEmpty());
    }

    @Test
    void aProgramThatIsNeededAndCannotBeLoadedEndsTheServerAsUwsgi() throws Exception {
        try (LoomgateProcess site = LoomgateProcess.launch(
                directory, "--http", "127.0.0.1:0", "-w", "nowhere", "--need-app", "--python", Python.DEBIAN)) {
            assertThat(site.status()).isEqualTo(22);
            assertThat(site.err()).contains("there is no module 'nowhere' (-w)");
        }
    }
}
