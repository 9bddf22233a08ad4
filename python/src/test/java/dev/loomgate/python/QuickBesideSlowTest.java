package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Mode `sync` sends workers requests ahead; none waits behind a slow one all the same.
@Timeout(120)
class QuickBesideSlowTest {
    private static final int QUICK = 200;

    @TempDir
    private Path directory;

    private Server warm(int processes) throws Exception {
        Server server = Servers.start(PythonApplication.of(
                TestPrograms.program(directory).processes(processes).build()));
        try (HttpPeer peer = HttpPeer.to(server)) {
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
                peers.add(HttpPeer.to(server));
            }
            try (HttpPeer slow = HttpPeer.to(server)) {
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
            try (HttpPeer slow = HttpPeer.to(server)) {
                long started = System.nanoTime();
                for (int i = 0; i < QUICK; i++) {
                    if (i == QUICK / 2) {
                        slow.get("/stream?count=1500&pause=0.002");
                    }
                    peers.add(HttpPeer.to(server).get("/"));
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

    @Test
    void aQuickResponseIsNotHeldBackByASlowRequestBehindIt() throws Exception {
        try (Server server = warm(1);
                HttpPeer quick = HttpPeer.to(server);
                HttpPeer slow = HttpPeer.to(server)) {
            for (int i = 0; i < 5; i++) {
                long started = System.nanoTime();
                quick.get("/");
                slow.get("/sleep?seconds=1.5");
                assertThat(quick.answer().text()).isEqualTo("hello");
                assertThat(since(started)).isLessThan(Duration.ofSeconds(1));
                assertThat(slow.answer().text()).isEqualTo("slept");
            }
        }
    }
}
