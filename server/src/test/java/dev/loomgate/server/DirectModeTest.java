package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.direct.FakeProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where the application's processes take the connections, and what is said where they don't.
class DirectModeTest {
    private final ListenAddress unix;
    private final FakeProcesses processes = new FakeProcesses(Apps.LINE, Takers.NONE);

    DirectModeTest(@TempDir Path directory) {
        unix = ListenAddress.uwsgi(directory.resolve("app.sock").toString());
    }

    private static ServerOptions.Builder options() {
        return Setup.DEFAULT.options().transport(Transport.EPOLL);
    }

    private static Server start(
            Application application, UnaryOperator<ServerOptions.Builder> change, ListenAddress... addresses)
            throws ServerStartException {
        Server.Builder builder =
                Server.builder(application).options(change.apply(options()).build());
        for (ListenAddress address : addresses) {
            builder.listen(address);
        }
        return builder.start();
    }

    private Optional<String> whyNot(Application application, UnaryOperator<ServerOptions.Builder> change)
            throws ServerStartException {
        try (Server server = start(application, change, unix)) {
            return server.whyNotDirect(unix);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "ON"})
    void processesTakeTheConnectionsOfUnixSocketsOfUwsgi(Direct direct) throws Exception {
        ListenAddress named = ListenAddress.uwsgi("@loomgate-test-" + System.nanoTime());
        ListenAddress http = ListenAddress.http("127.0.0.1:0");
        try (Server server = start(processes, options -> options.direct(direct), unix, named, http)) {
            assertThat(server.addresses()).hasSize(3);
            assertThat(server.whyNotDirect(unix)).isEmpty();
            assertThat(server.whyNotDirect(named)).isEmpty();
            assertThat(server.whyNotDirect(server.addresses().getLast())).contains("the protocol is not uwsgi");
            assertThat(processes.sockets()).hasSize(2);
        }
    }

    @Test
    void theyAreGivenTheServersLimits() throws Exception {
        Limits limits = Limits.builder()
                .maxHeaderBytes(1000)
                .maxHeaderCount(11)
                .maxBodyBytes(12)
                .requestTimeout(Duration.ofSeconds(13))
                .build();
        start(processes, options -> options.limits(limits).accessLog(true), unix)
                .close();
        assertThat(processes.limits())
                .isEqualTo(new DirectLimits(
                        1000, 11, 12, Duration.ofSeconds(13), true, false, List.of(), http(limits), List.of()));
    }

    private static DirectLimits.Http http(Limits limits) {
        return new DirectLimits.Http(
                limits.maxHeaderBytes(),
                limits.maxHeaderCount(),
                limits.maxUriLength(),
                limits.headerTimeout(),
                limits.idleTimeout(),
                limits.writeTimeout(),
                Duration.ofSeconds(30),
                1 << 20,
                limits.maxConnections(),
                true,
                false);
    }

    /// Kinds have no routes, which programs that are asked over HTTP have.
    @Test
    void whereRequestsAreMeasuredThoseOfHttpAreToldOfAndOthersAreCounted() throws Exception {
        FakeProcesses speaking = processes.speakingHttp();
        Server.builder(speaking)
                .options(options().build())
                .listen(unix)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .measureRequests(10)
                .start()
                .close();
        DirectLimits limits = Objects.requireNonNull(speaking.limits());
        assertThat(limits.records()).isFalse();
        assertThat(limits.durationBounds()).isNotEmpty();
        assertThat(limits.http().records()).isTrue();
        assertThat(limits.http().routes()).isTrue();
    }

    @Test
    void otherwiseTheReasonIsTold() throws Exception {
        assertThat(whyNot(processes, options -> options.direct(Direct.OFF))).contains("switched off");
        assertThat(whyNot(processes, options -> options.transport(Transport.NIO)))
                .contains("transport is nio");
        assertThat(whyNot(processes, options -> options.engine(Engine.THREADS))).contains("engine is threads");
        assertThat(whyNot(Apps.LINE, options -> options))
                .hasValueSatisfying(why -> assertThat(why).startsWith("the application is not a Python program alone"));
        assertThat(whyNot(processes.cannot("it is tired"), options -> options)).contains("it is tired");
        assertThat(processes.sockets()).isEmpty();
    }

    @Test
    void thoseOfHttpAreTakenByProcessesThatSpeakIt() throws Exception {
        ListenAddress http = ListenAddress.http("127.0.0.1:0");
        FakeProcesses speaking = processes.speakingHttp();
        try (Server server = start(speaking, options -> options.direct(Direct.OFF), http)) {
            assertThat(server.whyNotDirect(server.addresses().getFirst())).contains("switched off");
        }
        assertThat(speaking.sockets()).isEmpty();
        try (Server server = start(speaking, options -> options.direct(Direct.AUTO), http)) {
            assertThat(server.whyNotDirect(server.addresses().getFirst())).isEmpty();
        }
        assertThat(speaking.sockets()).singleElement().matches(SharedSocket::speaksHttp);
    }

    @Test
    void aListenerBehindTheProxyProtocolIsTheServers() {
        assertThatThrownBy(() -> start(
                        processes.speakingHttp(),
                        options -> options.direct(Direct.ON).proxyProtocolFrom(List.of("127.0.0.1")),
                        ListenAddress.http("127.0.0.1:0")))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("workers can't take the connections of 127.0.0.1:0 (direct is on): its peers send the PROXY"
                        + " protocol, which the server reads");
    }

    @Test
    void tcpIsNoUnixSocket() throws Exception {
        try (Server server = start(processes, options -> options, ListenAddress.uwsgi("127.0.0.1:0"))) {
            assertThat(server.whyNotDirect(server.addresses().getFirst())).contains("it is not a unix socket");
            assertThat(processes.sockets()).isEmpty();
        }
    }

    @Test
    void onButImpossibleIsAnError() {
        assertThatThrownBy(() ->
                        start(processes, options -> options.direct(Direct.ON).transport(Transport.NIO), unix))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("workers can't take the connections of " + unix + " (direct is on): transport is nio");
        assertThatThrownBy(
                        () -> start(processes, options -> options.direct(Direct.ON), ListenAddress.http("127.0.0.1:0")))
                .isInstanceOf(ServerStartException.class)
                .hasMessage(
                        "workers can't take the connections of 127.0.0.1:0 (direct is on): the protocol is not uwsgi");
        assertThatThrownBy(
                        () -> start(processes, options -> options.direct(Direct.ON), ListenAddress.scgi("127.0.0.1:0")))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("workers can't take connections (direct is on): there is no uwsgi socket"
                        + " (ListenAddress.uwsgi), and no address of HTTP (ListenAddress.http)");
    }

    @Test
    void aFailedStartStopsNoProcessesThatHaventBegun() throws Exception {
        try (Server first = start(Apps.LINE, options -> options, unix)) {
            assertThatThrownBy(() -> start(processes, options -> options, unix))
                    .isInstanceOf(ServerStartException.class);
            assertThat(first.addresses()).hasSize(1);
            assertThat(processes.sockets()).isEmpty();
        }
    }
}
