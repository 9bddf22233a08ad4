package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the operator is told when a server can't start, and that nothing is left behind then.
class ServerStartTest {
    static List<Setup> setups() {
        return Setup.all();
    }

    private static Server start(ListenAddress... addresses) throws ServerStartException {
        return start(Apps.LINE, addresses);
    }

    private static Server start(Application application, ListenAddress... addresses) throws ServerStartException {
        Server.Builder builder = Server.builder(application)
                .options(Setup.DEFAULT.options().loops(2).build());
        for (ListenAddress address : addresses) {
            builder.listen(address);
        }
        return builder.start();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void severalAddressesServeTheSame(Setup setup, @TempDir Path directory) throws Exception {
        try (Server server = Server.builder(Apps.LINE)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .listen(ListenAddress.http(directory.resolve("s").toString()))
                .listen(ListenAddress.http("localhost:0"))
                .options(setup.options().loops(2).socketMode(0600).build())
                .start()) {
            assertThat(server.addresses()).hasSize(3);
            assertThat(server.addresses().getFirst().toString()).matches("127\\.0\\.0\\.1:[1-9]\\d*");
            for (ListenAddress address : server.addresses()) {
                for (int i = 0; i < 4; i++) {
                    try (HttpPeer peer = HttpPeer.to(address.socketAddress())) {
                        assertThat(peer.get("/").answer().text()).isEqualTo("GET /");
                    }
                }
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("s"))))
                    .isEqualTo("rw-------");
        }
    }

    static List<Setup> withSocketsOfIPv4() {
        return Setup.all().stream()
                .filter(setup -> setup.transport() != Transport.IO_URING)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("withSocketsOfIPv4")
    void anAddressOfIPv4TakesNoConnectionsByIPv6(Setup setup) throws Exception {
        try (Server server = Server.builder(Apps.LINE)
                .listen(ListenAddress.http("0.0.0.0:0"))
                .listen(ListenAddress.http(":0"))
                .options(setup.options().build())
                .start()) {
            int four = port(server.addresses().getFirst());
            int all = port(server.addresses().getLast());
            assertThat(answer("127.0.0.1", four)).isEqualTo("GET /");
            assertThat(answer("127.0.0.1", all)).isEqualTo("GET /");
            assertThat(answer("::1", all)).isEqualTo("GET /");
            assertThatThrownBy(() -> answer("::1", four)).isInstanceOf(ConnectException.class);
        }
    }

    private static int port(ListenAddress address) {
        return ((InetSocketAddress) address.socketAddress()).getPort();
    }

    private static String answer(String host, int port) throws IOException {
        try (HttpPeer peer = HttpPeer.to(new InetSocketAddress(host, port))) {
            return peer.get("/").answer().text();
        }
    }

    @Test
    void withoutAnAddressThereIsNoServer() {
        assertThatThrownBy(ServerStartTest::start)
                .isInstanceOf(ServerStartException.class)
                .hasMessage("nothing to listen on: give an address (ListenAddress.http, ListenAddress.uwsgi)");
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aPortInUse(Setup setup) throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> Server.builder(Apps.LINE)
                            .listen(ListenAddress.http("127.0.0.1:" + taken.getLocalPort()))
                            .options(setup.options().build())
                            .start())
                    .isInstanceOf(ServerStartException.class)
                    .hasMessage("can't listen on 127.0.0.1:%d: the address is in use, something listens there already"
                            .formatted(taken.getLocalPort()));
        }
    }

    @Test
    void aSecondServerOnTheSamePlaceIsRefused(@TempDir Path directory) throws Exception {
        ListenAddress socket = ListenAddress.http(directory.resolve("s").toString());
        try (Server first = start(ListenAddress.http("127.0.0.1:0"), socket)) {
            assertThatThrownBy(() -> start(first.addresses().getFirst()))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> start(socket))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("a server is listening there already");
            assertThatThrownBy(
                            () -> start(ListenAddress.uwsgi("@loomgate-test"), ListenAddress.uwsgi("@loomgate-test")))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("can't listen on @loomgate-test: the address is in use");
        }
    }

    @Test
    void aSocketInNoDirectory(@TempDir Path directory) {
        assertThatThrownBy(() ->
                        start(ListenAddress.uwsgi(directory.resolve("no/s").toString())))
                .isInstanceOf(ServerStartException.class)
                .hasMessageStartingWith("can't listen on unix socket " + directory.resolve("no/s"));
    }

    @Test
    void anUnknownHostAndAForeignAddress() {
        assertThatThrownBy(() -> start(ListenAddress.http("no-such-host.invalid:80")))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("the host no-such-host.invalid is not known");
        assertThatThrownBy(() -> start(ListenAddress.http("192.0.2.1:0")))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("can't listen on 192.0.2.1:0: no interface of this machine has that address");
    }

    @Test
    void anAllowListIsMadeOfNetworks() throws Exception {
        assertThatThrownBy(() -> Server.builder(Apps.LINE)
                        .listen(ListenAddress.uwsgi("0.0.0.0:0"))
                        .options(Setup.DEFAULT
                                .options()
                                .allowFrom(List.of("10.0.0.0/40"))
                                .build())
                        .start())
                .isInstanceOf(ServerStartException.class)
                .hasMessageStartingWith("allowFrom \"10.0.0.0/40\"");
        try (Server server = Server.builder(Apps.LINE)
                .listen(ListenAddress.uwsgi("0.0.0.0:0"))
                .options(
                        Setup.DEFAULT.options().allowFrom(List.of("10.0.0.0/8")).build())
                .start()) {
            assertThat(server.addresses()).hasSize(1);
        }
    }

    @Test
    void aFailedStartLeavesNothingBehind(@TempDir Path directory) throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> start(
                            ListenAddress.http(directory.resolve("s").toString()),
                            ListenAddress.http("127.0.0.1:" + taken.getLocalPort())))
                    .isInstanceOf(ServerStartException.class);
        }
        assertThat(directory).isEmptyDirectory();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("loomgate-loop"));
    }

    /// Writes down what is called on which loop.
    private static final class Recorder implements Application, Lifecycle {
        final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        private final String name;
        private final String failsOn;

        Recorder(String name, String failsOn) {
            this.name = name;
            this.failsOn = failsOn;
        }

        @Override
        public void start() {
            if (Loop.current().toString().endsWith(failsOn)) {
                throw new IllegalStateException("no database");
            }
            calls.add(name + "+" + loop());
        }

        @Override
        public void stop() {
            calls.add(name + "-" + loop());
        }

        private static String loop() {
            String loop = Loop.current().toString();
            return loop.substring(loop.length() - 1);
        }

        @Override
        public Body call(Environ environ, StartResponse startResponse) throws Exception {
            return Apps.LINE.call(environ, startResponse);
        }
    }

    @Test
    void hooksRunOnEachLoopAndBackwardsAtTheEnd() throws Exception {
        Recorder application = new Recorder("a", "none");
        Recorder further = new Recorder("b", "none");
        try (Server server = Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .lifecycle(further)
                .options(Setup.DEFAULT.options().loops(2).build())
                .start()) {
            assertThat(application.calls).containsExactly("a+0", "a+1");
            assertThat(further.calls).containsExactly("b+0", "b+1");
            server.stop();
        }
        assertThat(application.calls).containsExactly("a+0", "a+1", "a-1", "a-0");
        assertThat(further.calls).containsExactly("b+0", "b+1", "b-1", "b-0");
    }

    @Test
    void aFailingHookStopsTheStartAndWhatItStarted(@TempDir Path directory) {
        Recorder application = new Recorder("a", "1");
        assertThatThrownBy(() -> start(
                        application, ListenAddress.http(directory.resolve("s").toString())))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("the application can't start: java.lang.IllegalStateException: no database")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(application.calls).containsExactly("a+0", "a-0");
        assertThat(directory.resolve("s")).doesNotExist();
    }

    @Test
    void theDumpShowsRequestsThatRun() throws Exception {
        Application application = (environ, startResponse) -> {
            Loop.sleep(java.time.Duration.ofSeconds(30));
            return Apps.LINE.call(environ, startResponse);
        };
        try (Server server = start(application, ListenAddress.http("127.0.0.1:0"));
                HttpPeer peer = Peers.http(server)) {
            peer.get("/slow?a=b");
            long end = System.nanoTime() + 10_000_000_000L;
            while (!server.dump().contains("ServerStartTest") && System.nanoTime() - end < 0) {
                Thread.sleep(5);
            }
            assertThat(server.dump()).contains("GET /slow?a=b", "ServerStartTest");
        }
    }

    @Test
    void placesReadBackAsTheyAreWritten() {
        for (String text :
                List.of("127.0.0.1:8000", "[::1]:80", "localhost:0", ":8000", "/run/a.sock", "a.sock", "@x")) {
            assertThat(ListenAddress.http(text)).hasToString(text);
        }
        assertThat(ListenAddress.http("*:80").place()).isEqualTo(new Place.Tcp("", 80));
    }
}
