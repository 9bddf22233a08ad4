package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.python.direct.RecordingSocket;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers that take connections themselves: here `direct_standin.py`, which does what the path says, and no server.
@Timeout(120)
@Tag("timing")
class DirectModeTest {
    private static final Duration NO_LIMIT = Duration.ZERO;

    @TempDir
    private Path directory;

    private LogLines log;
    private Socket listening;
    private RecordingSocket socket;
    private PythonApplication site;

    @BeforeEach
    void listen() throws IOException {
        Epoll.ensureAvailability();
        log = LogLines.withLevels("dev.loomgate");
        listening = Socket.newSocketDomain();
        listening.bind(new DomainSocketAddress(address().toFile()));
        listening.listen(16);
        socket = new RecordingSocket(listening.intValue());
    }

    @AfterEach
    void end() throws Exception {
        site.stop();
        assertThat(socket.takers().getLast()).isEqualTo(Takers.NONE);
        assertThat(WorkerProcesses.directories(directory)).isEmpty();
        listening.close();
        log.close();
    }

    private static final DirectLimits.Http HTTP = new DirectLimits.Http(
            65535,
            100,
            8192,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ZERO,
            1 << 20,
            100,
            true,
            false);

    private Path address() {
        return directory.resolve("listening");
    }

    private void start(Duration requestTimeout, Consumer<PythonOptions.Builder> change) throws Exception {
        Path standin = directory.resolve("standin");
        try (InputStream source =
                Objects.requireNonNull(DirectModeTest.class.getResourceAsStream("direct_standin.py"))) {
            Files.write(standin, source.readAllBytes());
        }
        Files.setPosixFilePermissions(standin, PosixFilePermissions.fromString("rwx------"));
        PythonOptions.Builder options = PythonOptions.module("standin")
                .interpreter(standin.toString())
                .environment(Map.of("TMPDIR", directory.toString()));
        change.accept(options);
        site = PythonApplication.of(options.build());
        assertThat(site.whyNotDirect()).isEmpty();
        site.serveDirectly(
                List.of(socket),
                new DirectLimits(65535, 100, 0, requestTimeout, true, false, List.of(), HTTP, List.of()));
        site.start();
        told(Takers.FREE);
    }

    private void start() throws Exception {
        start(NO_LIMIT, options -> {});
    }

    private void told(Takers who) throws Exception {
        Eventually.await(
                () -> who + ", not " + socket.takers(),
                () -> !socket.takers().isEmpty() && socket.takers().getLast() == who);
    }

    /// A connection on which a request has been sent.
    private SocketChannel client(String path) throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(address()));
        client.write(ByteBuffer.wrap(packet(path)));
        return client;
    }

    private static byte[] packet(String path) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        String[] variables = {"REQUEST_METHOD", "GET", "REQUEST_URI", path, "PATH_INFO", path};
        for (String text : variables) {
            packet.write(text.length());
            packet.write(0);
            packet.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        byte[] all = packet.toByteArray();
        return ByteBuffer.allocate(4 + all.length)
                .put(new byte[] {0, (byte) all.length, 0, 0})
                .put(all)
                .array();
    }

    private static String answer(SocketChannel client) throws IOException {
        return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII);
    }

    private RecordingSocket.HandedOver handedOver() throws InterruptedException {
        return Objects.requireNonNull(socket.handedOver().poll(30, TimeUnit.SECONDS), () -> "none: " + log.lines());
    }

    /// What the server does: calls the request, and answers on its connection.
    private static void respond(RecordingSocket.HandedOver handed) throws Exception {
        FileDescriptor connection = new FileDescriptor(handed.descriptor());
        byte[] text = call(Objects.requireNonNull(handed.begun())).getBytes(StandardCharsets.UTF_8);
        connection.write(ByteBuffer.allocateDirect(text.length).put(0, text), 0, text.length);
        connection.close();
    }

    /// `200 hello`.
    private static String call(BegunRequest begun) throws Exception {
        StringBuilder answer = new StringBuilder();
        Body body = begun.call(new Environ(), (status, headers, cause) -> answer.append(status.code()));
        answer.append(' ').append(text(body));
        body.close();
        return answer.toString();
    }

    private static String text(Body body) {
        return switch (body) {
            case Body.Bytes bytes -> new String(bytes.content(), StandardCharsets.UTF_8);
            case Body.Text text -> text.content();
            default -> body.toString();
        };
    }

    @Test
    void whatAWorkerAnswersIsToldAndCounted() throws Exception {
        start();
        try (SocketChannel client = client("/answered")) {
            assertThat(answer(client)).isEqualTo("HTTP/1.1 200 OK\r\n\r\nhello");
        }
        assertThat(socket.answers().poll(30, TimeUnit.SECONDS))
                .contains("/answered")
                .endsWith(": 200, 5 bytes, 1000 ns");
        assertThat(site.directAccepted()).isEqualTo(1);
        assertThat(site.directRequests()).isZero();
        assertThat(socket.handedOver()).isEmpty();
    }

    @Test
    void whatIsPuntedGoesOnAtTheServer() throws Exception {
        start();
        try (SocketChannel client = client("/punted")) {
            RecordingSocket.HandedOver handed = handedOver();
            assertThat(handed.begun()).isNull();
            assertThat(handed.read()).isEqualTo(packet("/punted"));
            new FileDescriptor(handed.descriptor()).close();
            assertThat(answer(client)).isEmpty();
        }
    }

    @Test
    void whatHasBegunIsAnsweredByTheServer() throws Exception {
        start();
        try (SocketChannel client = client("/begun")) {
            RecordingSocket.HandedOver handed = handedOver();
            assertThat(handed.read()).isEqualTo(packet("/begun"));
            assertThat(System.nanoTime()
                            - Objects.requireNonNull(handed.begun()).begunNanos())
                    .isBetween(0L, Duration.ofSeconds(60).toNanos());
            respond(handed);
            assertThat(answer(client)).isEqualTo("200 begun");
        }
    }

    @Test
    void theFrameMayComeBeforeItsConnection() throws Exception {
        start();
        try (SocketChannel client = client("/frame-first")) {
            respond(handedOver());
            assertThat(answer(client)).isEqualTo("200 frame first");
        }
    }

    @Test
    void whatTheServerAcceptsIsGivenToTheSameWorkers() throws Exception {
        start();
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "GET");
        environ.put("PATH_INFO", "/");
        environ.put("wsgi.input", InputStream.nullInputStream());
        Body body = site.call(
                environ, (status, headers, cause) -> assertThat(status.code()).isEqualTo(200));
        assertThat(text(body)).isEqualTo("by the JVM");
        body.close();
    }

    @Test
    void aRequestThatTakesLongIsHandedOverAndCancelledIfNobodyWantsIt() throws Exception {
        start(Duration.ofMillis(800), options -> {});
        try (SocketChannel client = client("/held")) {
            BegunRequest begun = Objects.requireNonNull(handedOver().begun());
            assertThat(System.nanoTime() - begun.begunNanos())
                    .isBetween(
                            Duration.ofMillis(100).toNanos(),
                            Duration.ofMillis(800).toNanos());
            assertThat(client.isOpen()).isTrue();
            begun.unwanted();
            log.await("cancelled 80000000");
            told(Takers.FREE);
        }
    }

    @Test
    void aWorkerThatDoesNotHandOverIsReplaced() throws Exception {
        start(Duration.ofMillis(300), options -> {});
        try (SocketChannel client = client("/stuck")) {
            told(Takers.NONE);
            log.await("is replaced: it is stuck in GET /stuck, whose time is over (requestTimeout); its stack follows");
            assertThat(answer(client)).isEmpty();
            told(Takers.FREE);
            log.await("was killed by signal 9 while it was inside GET /stuck");
            assertThat(site.directAccepted()).isEqualTo(1);
        }
    }

    @Test
    void aDeathIsToldWithTheRequestThatTheWorkerWasInside() throws Exception {
        start();
        try (SocketChannel client = client("/dies")) {
            assertThat(answer(client)).isEmpty();
            log.await("was killed by signal 9 while it was inside GET /dies");
            told(Takers.FREE);
            assertThat(site.directRequests()).isZero();
            assertThat(socket.answers().poll(30, TimeUnit.SECONDS))
                    .startsWith("PacketHead[method=GET, target=/dies]: lost after ");
        }
    }

    @Test
    void aDeathIsToldWithAllRequestsThatTheWorkerWasInside() throws Exception {
        start(NO_LIMIT, options -> options.mode(new WorkerMode.Threads(4)));
        try (SocketChannel first = client("/held")) {
            Eventually.await("the first one", () -> site.directRequests() == 1);
            try (SocketChannel second = client("/dies")) {
                assertThat(answer(first)).isEmpty();
                assertThat(answer(second)).isEmpty();
                log.await("was killed by signal 9 while it was inside GET /held");
                log.await("was killed by signal 9 while it was inside GET /dies");
                assertThat(List.of(socket.answers().take(), socket.answers().take()))
                        .satisfiesExactly(
                                held -> assertThat(held).contains("target=/held]: lost after "),
                                dies -> assertThat(dies).contains("target=/dies]: lost after "));
                assertThat(log.with("had no room to name")).isEmpty();
            }
        }
    }

    @Test
    void aDeathAfterTheHandOverIsA502() throws Exception {
        start();
        try (SocketChannel client = client("/dies-begun")) {
            respond(handedOver());
            assertThat(answer(client)).startsWith("502 The worker process died");
            log.await("was killed by signal 9 while it was inside GET /dies-begun");
        }
    }

    @Test
    void aConnectionWhoseFrameNeverComesIsClosed() throws Exception {
        start();
        try (SocketChannel client = client("/dies-between")) {
            assertThat(answer(client)).isEmpty();
            log.await("was killed by signal 9 before it had handed over 1 connections");
        }
    }

    @Test
    void atAStopAllIsHandedOver() throws Exception {
        start();
        try (SocketChannel client = client("/held")) {
            Eventually.await("begun", () -> site.directRequests() == 1);
            site.stopDirect();
            RecordingSocket.HandedOver handed = handedOver();
            told(Takers.NONE);
            log.await("accept 0");
            assertThat(site.directRequests()).isZero();
            assertThat(client.isOpen()).isTrue();
            Objects.requireNonNull(handed.begun()).unwanted();
            new FileDescriptor(handed.descriptor()).close();
            assertThat(answer(client)).isEmpty();
        }
    }

    @Test
    void noConnectionIsTakenWhileTheServerHasNoRoom() throws Exception {
        start();
        site.serverHasRoom(false);
        told(Takers.NONE);
        log.await("accept 0");
        try (SocketChannel client = client("/answered")) {
            told(Takers.NONE);
            assertThat(site.directAccepted()).isZero();
            site.serverHasRoom(true);
            assertThat(answer(client)).endsWith("hello");
        }
        told(Takers.FREE);
    }

    @Test
    void requestsThatAWorkerAnswersItselfCountForItsReplacement() throws Exception {
        start(NO_LIMIT, options -> options.maxRequests(2));
        for (int i = 0; i < 2; i++) {
            try (SocketChannel client = client("/answered")) {
                assertThat(answer(client)).endsWith("hello");
            }
        }
        log.await("is replaced: it has answered 2 requests (maxRequests)");
        // Each worker's output is read by itself.
        Eventually.await("what both say", () -> accepts().size() == 3);
        assertThat(accepts())
                .containsExactlyInAnyOrder(
                        "INFO [worker 1] accept 1", "INFO [worker 1] accept 1", "INFO [worker 1] accept 0");
        Eventually.await("one worker", () -> log.lines().stream().anyMatch(line -> line.contains("stopped")));
        assertThat(site.directAccepted()).isEqualTo(2);
    }

    private List<String> accepts() {
        return log.lines().stream().filter(line -> line.contains("accept")).toList();
    }

    @Test
    void aLimitOfItsOwnHoldsForARequestThatIsHandedOver() throws Exception {
        start();
        try (SocketChannel client = client("/limited")) {
            respond(handedOver());
            assertThat(answer(client)).startsWith("504 The application did not respond within its own time limit");
        }
    }

    @Test
    void aReloadLosesNoTaker() throws Exception {
        start();
        site.reload().toCompletableFuture().get(30, TimeUnit.SECONDS);
        log.await("stopped");
        try (SocketChannel client = client("/answered")) {
            assertThat(answer(client)).endsWith("hello");
        }
        List<Takers> takers = List.copyOf(socket.takers());
        assertThat(takers.subList(takers.indexOf(Takers.FREE), takers.size())).doesNotContain(Takers.NONE);
    }
}
