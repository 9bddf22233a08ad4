package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Mode `sync` sends workers requests ahead; none waits behind a slow one all the same.
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
