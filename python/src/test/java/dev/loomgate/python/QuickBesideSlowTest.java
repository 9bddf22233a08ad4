package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Mode `sync` sends workers requests ahead, and in direct mode workers take some themselves; none waits behind a slow
/// one all the same.
@Timeout(120)
@Tag("timing")
class QuickBesideSlowTest {
    private static final int QUICK = 200;

    @TempDir
    private Path directory;

    private Server warm(int processes) throws Exception {
        return warm(Servers.start(PythonApplication.of(
                TestPrograms.program(directory).processes(processes).build())));
    }

    private static Server warm(Server server) throws Exception {
        try (HttpPeer peer = Servers.peer(server)) {
            for (int i = 0; i < 500; i++) {
                peer.get("/").answer(); // so that it is known how quick requests are
            }
        }
        return server;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @RepeatedTest(3)
    void quickRequestsDontWaitBehindASlowOne() throws Exception {
        try (Server server = warm(2)) {
            List<HttpPeer> peers = new ArrayList<>();
            for (int i = 0; i < QUICK; i++) {
                peers.add(Servers.peer(server));
            }
            try (HttpPeer slow = Servers.peer(server)) {
                long started = System.nanoTime();
                for (int i = 0; i < QUICK; i++) {
                    if (i == QUICK / 2) {
                        slow.get("/sleep?seconds=3");
                    }
                    peers.get(i).get("/");
                }
                for (HttpPeer peer : peers) {
                    assertThat(peer.answer().text()).isEqualTo("hello");
                    peer.close();
                }
                assertThat(since(started)).isLessThan(Duration.ofSeconds(2));
                assertThat(slow.answer().text()).isEqualTo("slept");
                assertThat(since(started)).isGreaterThan(Duration.ofSeconds(3));
            }
        }
    }

    @RepeatedTest(3)
    void aSlowStreamHoldsNobodyUpEither() throws Exception {
        try (Server server = warm(2)) {
            List<HttpPeer> peers = new ArrayList<>();
            try (HttpPeer slow = Servers.peer(server)) {
                long started = System.nanoTime();
                for (int i = 0; i < QUICK; i++) {
                    if (i == QUICK / 2) {
                        slow.get("/stream?count=1500&pause=0.002");
                    }
                    peers.add(Servers.peer(server).get("/"));
                }
                for (HttpPeer peer : peers) {
                    assertThat(peer.answer().text()).isEqualTo("hello");
                    peer.close();
                }
                assertThat(since(started)).isLessThan(Duration.ofSeconds(2));
                assertThat(slow.answer().content()).hasSize(15_000);
            }
        }
    }

    static Stream<Arguments> oneOfTwo() {
        return Stream.of(new WorkerMode.Sync(), new WorkerMode.Threads(1), new WorkerMode.Asyncio(1))
                .flatMap(mode -> Stream.of("/first", "/second").map(path -> Arguments.of(mode, path)));
    }

    /// Each of two workers runs a request that it has taken itself, and a third comes over HTTP: it is answered as
    /// soon as either is free, and not before.
    @ParameterizedTest
    @MethodSource("oneOfTwo")
    void aRequestGoesWhereAPlaceIsFreeFirst(WorkerMode mode, String released) throws Exception {
        PythonOptions options = TestPrograms.source(directory, """
                        import os, time, uwsgi

                        running = 0

                        def application(environ, start_response):
                            global running
                            running += 1
                            path = environ["PATH_INFO"]
                            body = path.encode() + b" is one of %%d" %% running
                            while path != "/" and not os.path.exists(%s + path):
                                %s
                            start_response("200 OK", [])
                            running -= 1
                            return [body]
                        """.formatted("'" + directory + "'", pause(mode)))
                .mode(mode)
                .processes(2)
                .build();
        PythonApplication program = PythonApplication.of(options);
        List<ListenAddress> addresses = List.of(
                ListenAddress.http("127.0.0.1:0"),
                ListenAddress.uwsgi(directory.resolve("s").toString()));
        try (Server server = Servers.start(program, addresses, change -> {});
                RawClient first = held(server, "/first");
                HttpPeer quick = Servers.peer(server)) {
            Eventually.await("the first request", () -> program.directRequests() == 1);
            try (RawClient second = held(server, "/second")) {
                Eventually.await("both requests", () -> program.directRequests() == 2);
                quick.get("/");
                Files.createFile(Path.of(directory + released));
                assertThat(quick.answer().text()).isEqualTo("/ is one of 1");
                for (String path : List.of("/first", "/second")) {
                    if (!path.equals(released)) {
                        Files.createFile(Path.of(directory + path));
                    }
                }
                assertThat(first.receiveText()).endsWith("/first is one of 1");
                assertThat(second.receiveText()).endsWith("/second is one of 1");
            }
        }
    }

    private static String pause(WorkerMode mode) {
        return mode instanceof WorkerMode.Asyncio ? "uwsgi.async_sleep(0.005); uwsgi.suspend()" : "time.sleep(0.005)";
    }

    private static RawClient held(Server server, String path) throws IOException {
        return RawClient.connect(server.addresses().getLast().socketAddress())
                .send(UwsgiPacket.request("GET", path).with("HTTP_HOST", "x").bytes());
    }

    // Which of two requests at once comes first is chance: the program numbers them as it gets them.
    @Test
    void aQuickResponseIsNotHeldBackByASlowRequestBehindIt() throws Exception {
        PythonOptions options = TestPrograms.source(directory, """
                        import itertools, time

                        numbers = itertools.count()

                        def application(environ, start_response):
                            number = next(numbers)
                            if environ["PATH_INFO"] == "/slow":
                                time.sleep(1.5)
                            start_response("200 OK", [])
                            return [str(number).encode()]
                        """).build();
        int before = 0;
        try (Server server = warm(Servers.start(PythonApplication.of(options)));
                HttpPeer quick = Servers.peer(server);
                HttpPeer slow = Servers.peer(server)) {
            for (int round = 0; before < 5; round++) {
                assertThat(round).isLessThan(30);
                long started = System.nanoTime();
                quick.get("/");
                slow.get("/slow");
                int number = Integer.parseInt(quick.answer().text());
                Duration taken = since(started);
                if (number < Integer.parseInt(slow.answer().text())) {
                    before++;
                    assertThat(taken).isLessThan(Duration.ofSeconds(1));
                }
            }
        }
    }
}
