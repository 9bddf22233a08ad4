package dev.loomgate.server.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.FastCgiAnswers;
import dev.loomgate.testkit.client.FastCgiAnswers.End;
import dev.loomgate.testkit.client.FastCgiRecords;
import dev.loomgate.testkit.client.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A FastCGI listener with a client that sends records of its own making.
@Timeout(120)
final class FastCgiServerTest {
    private static final byte[] LARGE = new byte[3_000_000];

    static {
        new Random(1).nextBytes(LARGE);
    }

    private final Path directory;
    private final LogLines log = LogLines.of("dev.loomgate.server");
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> seen = new ConcurrentHashMap<>();
    private Server server;
    private RawClient client;
    private FastCgiAnswers answers;

    FastCgiServerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void start() throws Exception {
        server = Server.builder(this::answer)
                .listen(ListenAddress.fastcgi("127.0.0.1:0"))
                .options(ServerOptions.builder()
                        .loops(1)
                        .limits(Limits.builder()
                                .fastcgiRequests(20)
                                .maxBodyBytes(10_000_000)
                                .headerTimeout(Duration.ofMillis(700))
                                .bodyTimeout(Duration.ofMillis(700))
                                .build())
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
        client = connect();
        answers = new FastCgiAnswers(client);
    }

    @AfterEach
    void stop() throws Exception {
        gates.values().forEach(CountDownLatch::countDown);
        client.close();
        server.close();
        log.close();
    }

    private RawClient connect() throws IOException {
        return RawClient.connect(server.addresses().getFirst().socketAddress());
    }

    private CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, key -> new CountDownLatch(1));
    }

    private CompletableFuture<String> seen(String name) {
        return seen.computeIfAbsent(name, key -> new CompletableFuture<>());
    }

    private Body answer(Environ environ, StartResponse start) throws Exception {
        start.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return switch (environ.path()) {
            case "/echo" -> Body.bytes(environ.input().readAllBytes());
            case "/large" -> Body.bytes(LARGE);
            case "/file" -> Body.file(Files.write(directory.resolve("large.bin"), LARGE));
            case "/stream" ->
                Body.stream(out -> {
                    for (int at = 0; at < LARGE.length; at += 50_000) {
                        out.write(Arrays.copyOfRange(LARGE, at, at + 50_000));
                    }
                });
            case "/half" ->
                Body.stream(out -> {
                    out.write("half".getBytes(StandardCharsets.US_ASCII));
                    throw new IOException("no such luck");
                });
            case "/wait" -> {
                gate(environ.queryString()).await();
                yield Body.text(environ.queryString());
            }
            case "/gone" -> {
                try {
                    yield Body.text("" + environ.input().readAllBytes().length);
                } catch (IOException e) {
                    seen("/gone").complete(e.getClass().getSimpleName() + ": " + e.getMessage());
                    throw e;
                }
            }
            case "/unread" -> Body.text("unread");
            default ->
                Body.text(environ.method() + " " + environ.scriptName() + "|" + environ.path() + " "
                        + environ.text("CONTENT_LENGTH", "-"));
        };
    }

    private static FastCgiRecords records() {
        return FastCgiRecords.of();
    }

    @Test
    void requestIsAnsweredAsCgiHasIt() throws Exception {
        client.send(records().get(1, "/user?x").bytes());
        End end = answers.end();
        assertThat(end.text())
                .isEqualTo("Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nGET |/user -");
        assertThat(end.closed()).isTrue();
        assertThat(end.applicationStatus()).isZero();
        assertThat(end.protocolStatus()).isZero();
    }

    @Test
    void requestInEverySegmentation() throws Exception {
        byte[] request = records().post(1, "/echo", ascii("hello")).bytes();
        for (int split = 1; split < request.length; split++) {
            client.send(Arrays.copyOf(request, split)).send(Arrays.copyOfRange(request, split, request.length));
            assertThat(answers.end().content()).as("split at %d", split).isEqualTo("hello");
        }
        client.sendOneByOne(request);
        assertThat(answers.end().content()).isEqualTo("hello");
    }

    @Test
    void connectionThatIsNotKeptEndsAfterTheResponse() throws Exception {
        client.send(records()
                .begin(1, false)
                .params(1, "GET", "/")
                .input(1, new byte[0])
                .bytes());
        assertThat(answers.end().content()).isEqualTo("GET |/ -");
        assertThat(client.receive(1)).isEmpty();
    }

    @Test
    void requestsOverlapOnAConnection() throws Exception {
        FastCgiRecords records = records();
        for (int id = 1; id <= 10; id++) {
            records.get(id, "/wait?" + id);
        }
        client.send(records.get(99, "/quick").bytes());
        assertThat(answers.end().id()).isEqualTo(99);
        for (int id = 10; id >= 1; id--) {
            gate("" + id).countDown();
            End end = answers.end();
            assertThat(end.id()).isEqualTo(id);
            assertThat(end.content()).isEqualTo("" + id);
        }
    }

    @Test
    void longResponsesOfSeveralRequestsArriveWhole() throws Exception {
        client.send(records()
                .get(1, "/large")
                .get(2, "/stream")
                .get(3, "/file")
                .get(4, "/large")
                .bytes());
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            End end = answers.end();
            ids.add(end.id());
            assertThat(end.content().getBytes(StandardCharsets.ISO_8859_1))
                    .as("of %d", end.id())
                    .isEqualTo(LARGE);
        }
        assertThat(ids).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void longBodyArrivesWholeThroughRecordsOfAnySize() throws Exception {
        CompletableFuture<End> answer = CompletableFuture.supplyAsync(this::end);
        FastCgiRecords records =
                records().begin(1, true).params(1, "POST", "/echo", "CONTENT_LENGTH", "" + LARGE.length);
        Random random = new Random(7);
        for (int at = 0; at < LARGE.length; ) {
            int length = Math.min(LARGE.length - at, 1 + random.nextInt(65_535));
            records.record(5, 1, Arrays.copyOfRange(LARGE, at, at + length), random.nextInt(256));
            at += length;
        }
        client.send(records.input(1, new byte[0]).bytes());
        assertThat(answer.get().content().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(LARGE);
    }

    private End end() {
        try {
            return answers.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void bodyWithoutALengthEndsWithItsStream() throws Exception {
        client.send(records()
                .begin(1, true)
                .params(1, "POST", "/echo")
                .body(1, ascii("hello"))
                .bytes());
        assertThat(answers.end().content()).isEqualTo("hello");
        client.send(records().begin(1, true).params(1, "POST", "/echo").bytes());
        client.send(records().input(1, new byte[0]).bytes());
        assertThat(answers.end().content()).isEmpty();
    }

    @Test
    void bodyThatIsLongerThanItSaysIsRefused() throws Exception {
        client.send(records()
                .begin(1, true)
                .params(1, "POST", "/echo", "CONTENT_LENGTH", "3")
                .body(1, ascii("hello"))
                .bytes());
        assertThat(answers.end().text()).startsWith("Status: 400 Bad Request\r\n");
        log.await("fastcgi: STDIN of request 1 goes on after the CONTENT_LENGTH");
        client.send(records().get(1, "/").bytes());
        assertThat(answers.end().content()).isEqualTo("GET |/ -");
    }

    @Test
    void bodyThatIsShorterThanItSaysIsRefused() throws Exception {
        client.send(records()
                .begin(1, true)
                .params(1, "POST", "/echo", "CONTENT_LENGTH", "30")
                .body(1, ascii("hello"))
                .bytes());
        assertThat(answers.end().text()).startsWith("Status: 400 Bad Request\r\n");
        log.await("fastcgi: STDIN of request 1 ends 25 bytes before the CONTENT_LENGTH");
    }

    @Test
    void bodyOverTheLimitIs413WhetherItsLengthIsSaidOrNot() throws Exception {
        client.send(records()
                .begin(1, true)
                .params(1, "POST", "/echo", "CONTENT_LENGTH", "10000001")
                .bytes());
        assertThat(answers.end().text()).startsWith("Status: 413 ");
        client.send(records()
                .begin(2, true)
                .params(2, "POST", "/echo")
                .body(2, new byte[10_000_001])
                .bytes());
        assertThat(answers.end().text()).startsWith("Status: 413 ");
        log.await("fastcgi: request body takes 10000001 bytes, over 10000000 (maxBodyBytes)");
        log.await("fastcgi: request body takes over 10000000 bytes (maxBodyBytes)");
    }

    @Test
    void abortIsSeenByTheApplicationAndAnswered() throws Exception {
        client.send(records()
                .begin(5, true)
                .params(5, "POST", "/gone", "CONTENT_LENGTH", "9")
                .input(5, ascii("x"))
                .bytes());
        client.send(records().abort(5).bytes());
        End end = answers.end();
        assertThat(end.id()).isEqualTo(5);
        assertThat(end.output()).isEmpty();
        assertThat(seen("/gone").get()).startsWith("ClientGone: ");
        client.send(records().get(5, "/").bytes());
        assertThat(answers.end().content()).isEqualTo("GET |/ -");
    }

    @Test
    void clientThatDisconnectsIsGoneForAllItsRequests() throws Exception {
        client.send(records()
                .begin(5, true)
                .params(5, "POST", "/gone", "CONTENT_LENGTH", "9")
                .input(5, ascii("x"))
                .bytes());
        client.close();
        assertThat(seen("/gone").get()).startsWith("ClientGone: ");
    }

    @Test
    void responseThatIsBrokenOffHasNoEnd() throws Exception {
        client.send(records().get(1, "/half").bytes());
        try {
            while (true) {
                assertThat(answers.record().type()).isEqualTo(6);
            }
        } catch (EOFException e) {
            assertThat(e).hasMessageContaining("ended");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void responseThatIsBrokenOffBesideOthersFailsAlone() throws Exception {
        client.send(records().get(1, "/wait?other").get(2, "/half").bytes());
        End end = answers.end();
        assertThat(end.id()).isEqualTo(2);
        assertThat(end.content()).isEqualTo("half");
        assertThat(end.closed()).isFalse();
        assertThat(end.applicationStatus()).isEqualTo(1);
        gate("other").countDown();
        assertThat(answers.end().content()).isEqualTo("other");
    }

    @Test
    void oneRequestTooManyIsOverloadAndTheOthersGoOn() throws Exception {
        FastCgiRecords records = records();
        for (int id = 1; id <= 21; id++) {
            records.get(id, "/wait?all");
        }
        client.send(records.bytes());
        End refused = answers.end();
        assertThat(refused.id()).isEqualTo(21);
        assertThat(refused.protocolStatus()).isEqualTo(2);
        gate("all").countDown();
        for (int i = 0; i < 20; i++) {
            assertThat(answers.end().content()).isEqualTo("all");
        }
    }

    @Test
    void otherRolesAndTypesAreAnsweredAsTheSpecificationSays() throws Exception {
        client.send(records()
                .begin(3, 3, true)
                .values("FCGI_MAX_REQS", "FCGI_MPXS_CONNS")
                .record(50, 0, ascii("?"), 0)
                .bytes());
        End end = answers.end();
        assertThat(end.protocolStatus()).isEqualTo(3);
        FastCgiAnswers.Answer values = answers.record();
        assertThat(values.type()).isEqualTo(10);
        assertThat(new String(values.content(), StandardCharsets.US_ASCII))
                .contains("FCGI_MAX_REQS16384", "FCGI_MPXS_CONNS1");
        FastCgiAnswers.Answer unknown = answers.record();
        assertThat(unknown.type()).isEqualTo(11);
        assertThat(unknown.content()[0]).isEqualTo((byte) 50);
    }

    @Test
    void requestThatIsNotWholeInTimeIs408() throws Exception {
        client.send(records().begin(1, true).params(1, new byte[] {1}).bytes());
        assertThat(answers.end().text()).startsWith("Status: 408 ");
        log.await("fastcgi: 1 bytes of the request variables within 700 ms (headerTimeout)");
    }

    @Test
    void bodyThatDoesNotComeInTimeIs408() throws Exception {
        client.send(records()
                .begin(1, true)
                .params(1, "POST", "/echo", "CONTENT_LENGTH", "9")
                .input(1, ascii("x"))
                .bytes());
        assertThat(answers.end().text()).startsWith("Status: 408 ");
        log.await("fastcgi: no byte of the request body within 700 ms, 8 are missing (bodyTimeout)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n"})
    void otherProtocolsAreAnsweredAndNamed(String bytes) throws Exception {
        client.send(bytes);
        assertThat(client.receiveText()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        log.await(" on a fastcgi socket");
    }

    @Test
    void brokenRecordsEndTheConnection() throws Exception {
        client.send(records().record(6, 1, ascii("x"), 0).bytes());
        assertThat(client.receiveAll()).isEmpty();
        log.await("fastcgi: record of type 6 in request 1, which no responder takes");
    }

    @Test
    void bodyThatIsNotReadDisturbsNothing() throws Exception {
        client.send(records().post(1, "/unread", new byte[200_000]).get(2, "/").bytes());
        assertThat(answers.end().content()).isEqualTo("unread");
        assertThat(answers.end().content()).isEqualTo("GET |/ -");
    }

    @Test
    void stopWaitsForWhatRuns() throws Exception {
        client.send(records().get(1, "/wait?stop").bytes());
        try (RawClient second = connect()) {
            second.send(records().get(1, "/").bytes());
            assertThat(new FastCgiAnswers(second).end().content()).isEqualTo("GET |/ -");
        }
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> server.stop(Duration.ofSeconds(20)));
        gate("stop").countDown();
        assertThat(answers.end().content()).isEqualTo("stop");
        assertThat(client.receive(1)).isEmpty();
        stopped.get();
    }

    @Test
    void headWithoutContentHasNone() throws Exception {
        client.send(records()
                .begin(1, true)
                .params(1, "HEAD", "/large")
                .input(1, new byte[0])
                .bytes());
        End end = answers.end();
        assertThat(end.text())
                .contains("Content-Length: " + LARGE.length + "\r\n")
                .endsWith("\r\n\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
