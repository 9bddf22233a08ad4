package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipTest {
    private static final String LONG = "hello wörld ".repeat(1000);

    private static TestResponse sent(Application application, String accept) {
        Application linted = new Lint().wrap(Gzip.of().wrap(new Lint().wrap(application)));
        return Client.of(linted).get("/").header("Accept-Encoding", accept).send();
    }

    private static String decoded(TestResponse response) throws IOException {
        assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Application body(Body body) {
        return (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain; charset=utf-8"));
            return body;
        };
    }

    @Test
    void aBodyInMemoryIsCompressedAtOnce() throws Exception {
        TestResponse response = sent(new Response(LONG).etag(ETag.strong("v1")), "gzip, deflate, br");

        assertThat(decoded(response)).isEqualTo(LONG);
        assertThat(response.header("Content-Length")).isEqualTo("" + response.body().length);
        assertThat(response.body().length).isLessThan(LONG.length() / 10);
        assertThat(response.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.header("ETag")).isEqualTo("W/\"v1\"");
    }

    @Test
    void aLargeBodyIsCompressedWhileItIsSent() throws Exception {
        String large = LONG.repeat(100);
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "GET");
        environ.put("HTTP_ACCEPT_ENCODING", "gzip");
        AtomicInteger closed = new AtomicInteger();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int pieces = 0;

        try (Body body = Gzip.of()
                .wrap(body(Body.text(large).onClose(closed::incrementAndGet)))
                .call(environ, (_, headers, _) -> assertThat(headers.contains("Content-Length"))
                        .isFalse())) {
            Iterator<byte[]> chunks = ((Body.Chunks) body).chunks();
            while (chunks.hasNext()) {
                received.writeBytes(chunks.next());
                pieces++;
            }
            assertThat(closed).hasValue(0);
        }

        assertThat(pieces).isEqualTo(1 + large.getBytes(StandardCharsets.UTF_8).length / (64 * 1024) + 1);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(received.toByteArray())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(large);
        assertThat(closed).hasValue(1);
    }

    @Test
    void aLargeChunkIsCutToo() throws Exception {
        byte[] large = LONG.repeat(100).getBytes(StandardCharsets.UTF_8);

        assertThat(decoded(sent(body(Body.chunks(List.of(large, new byte[0], large))), "gzip")))
                .isEqualTo(LONG.repeat(200));
        assertThat(decoded(sent(
                        body(Body.stream(writer -> {
                            writer.write(ByteBuffer.wrap(large));
                            writer.write(ByteBuffer.wrap(large));
                        })),
                        "gzip")))
                .isEqualTo(LONG.repeat(200));
    }

    @Test
    void everyKindOfBodyIsClosedOnce() throws Exception {
        byte[] bytes = LONG.getBytes(StandardCharsets.UTF_8);
        for (Body body : List.of(
                Body.bytes(bytes), Body.text(LONG), Body.chunks(List.of(bytes, new byte[0])), Body.stream(writer -> {
                    writer.write(LONG.substring(0, 5));
                    writer.write("");
                    writer.write(LONG.substring(5));
                }))) {
            AtomicInteger closed = new AtomicInteger();

            assertThat(decoded(sent(body(body.onClose(closed::incrementAndGet)), "gzip")))
                    .isEqualTo(LONG);
            assertThat(closed).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gzip,                     true",
        "GZIP,                     true",
        "x-gzip,                   true",
        "'x-gzip;q=0.5, *;q=0',    true",
        "'gzip;q=0, *',            false",
        "'gzip;q=0.000',           false",
        "'gzip ; q=1',             true",
        "'gzip,, br',              true",
        "'identity;q=0, *;q=0.1',  true",
        "'*;q=0',                  false",
        "*,                        true",
        "'br, *;q=0.1',            true",
        "'gzip;q=0.5, identity',   false",
        "gzip;q=0,                 false",
        "'br, deflate',            false",
        "identity,                 false",
        "'',                       false"
    })
    void theClientSaysWhatItTakes(String accept, boolean compressed) {
        TestResponse response = sent(new Response(LONG), accept);

        assertThat(response.headers().contains("Content-Encoding")).isEqualTo(compressed);
        assertThat(response.header("Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void whatShouldStayAsItIsDoes(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f.txt"), LONG);
        for (Application application : List.of(
                new Response("short"),
                Response.bytes(LONG.getBytes(StandardCharsets.UTF_8), "image/png"),
                new Response(LONG).header("Content-Encoding", "br"),
                new Response(LONG).header("Cache-Control", "public, no-transform"),
                new Response(LONG).status(206).header("Content-Range", "bytes 0-11/20"),
                Response.file(file),
                Response.empty())) {
            TestResponse response = sent(application, "gzip");

            assertThat(response.header("Content-Encoding")).isIn("", "br");
            assertThat(response.header("Vary")).isEmpty();
        }
    }

    @Test
    void somePagesCanBeLeftAlone() {
        Gzip gzip = Gzip.of().withExemption(environ -> environ.path().startsWith("/secret"));
        Client client = Client.of(gzip.wrap(new Response(LONG)));

        assertThat(client.get("/secret")
                        .header("Accept-Encoding", "gzip")
                        .send()
                        .text())
                .isEqualTo(LONG);
        assertThat(client.get("/").header("Accept-Encoding", "gzip").send().header("Content-Encoding"))
                .isEqualTo("gzip");
    }

    /// A client that decodes what it has so far, after each chunk.
    @Test
    void eachChunkOfAStreamCanBeReadWhenItHasCome() throws Exception {
        List<String> seen = new ArrayList<>();
        List<String> written = List.of("data: 1\n\n", "data: 2\n\n", "data: ä\n\n");
        Application application = Gzip.of().wrap(body(Body.stream(writer -> {
            for (String event : written) {
                writer.write(event);
            }
        })));
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "GET");
        environ.put("HTTP_ACCEPT_ENCODING", "gzip");
        Inflater inflater = new Inflater(true);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        BodyWriter client = bytes -> {
            byte[] chunk = new byte[bytes.remaining()];
            bytes.get(chunk);
            int head = received.size() == 0 ? 10 : 0;
            received.writeBytes(chunk);
            inflater.setInput(chunk, head, chunk.length - head);
            byte[] text = new byte[100];
            try {
                seen.add(new String(text, 0, inflater.inflate(text), StandardCharsets.UTF_8));
            } catch (DataFormatException e) {
                throw new IOException(e);
            }
        };

        try (Body body = application.call(environ, (_, _, _) -> {})) {
            ((Body.Stream) body).content().writeTo(client);
        }
        inflater.end();

        assertThat(seen).containsExactly("data: 1\n\n", "data: 2\n\n", "data: ä\n\n", "");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(received.toByteArray())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(String.join("", written));
    }

    @Test
    void anErrorPageInPlaceOfTheFirstResponseIsCompressedInItsStead() throws Exception {
        Application second = (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "image/png"));
            startResponse.start(
                    Status.of(500), Headers.of("Content-Type", "text/plain"), new IllegalStateException("cause"));
            return Body.text(LONG);
        };

        TestResponse response = sent(second, "gzip");

        assertThat(response.code()).isEqualTo(500);
        assertThat(decoded(response)).isEqualTo(LONG);
    }

    @Test
    void theContractIsKeptWhileTheStartIsHeldBack() {
        Application twice = (_, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            startResponse.start(Status.OK, new Headers());
            return Body.empty();
        };

        assertThatThrownBy(() -> Client.of(Gzip.of().wrap(twice)).get("/").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("second time");
        assertThatThrownBy(() -> Client.of(Gzip.of().wrap((_, _) -> Body.empty()))
                        .get("/")
                        .send())
                .hasMessageContaining("without having called");
    }
}
