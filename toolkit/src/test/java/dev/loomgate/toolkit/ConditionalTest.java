package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.PreconditionFailed;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalTest {
    private static final String TEXT =
            IntStream.range(0, 1000).mapToObj(i -> "%03d".formatted(i)).collect(Collectors.joining());

    private static Client of(Path file) {
        Application application = (environ, startResponse) ->
                Response.sendFile(file, new Request(environ)).call(environ, startResponse);
        return Client.of(application);
    }

    private static Path file(Path directory) throws Exception {
        return Files.writeString(directory.resolve("käse.txt"), TEXT);
    }

    @Test
    void aFileIsSentOnceAndThenOnlyIfItHasChanged(@TempDir Path directory) throws Exception {
        Path file = file(directory);
        Client client = of(file);
        TestResponse first = client.get("/").send();

        assertThat(first.text()).isEqualTo(TEXT);
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(first.header("Content-Disposition"))
                .isEqualTo("inline; filename=kase.txt; filename*=UTF-8''k%C3%A4se.txt");
        assertThat(client.get("/")
                        .header("If-None-Match", first.header("ETag"))
                        .send()
                        .code())
                .isEqualTo(304);
        assertThat(client.get("/")
                        .header("If-Modified-Since", first.header("Last-Modified"))
                        .send()
                        .code())
                .isEqualTo(304);

        Files.writeString(file, TEXT + "more");
        assertThat(client.get("/")
                        .header("If-None-Match", first.header("ETag"))
                        .send()
                        .code())
                .isEqualTo(200);
        assertThat(client.get("/")
                        .header("If-Match", first.header("ETag"))
                        .send()
                        .code())
                .isEqualTo(412);
    }

    @Test
    void aFileIsSentInParts(@TempDir Path directory) throws Exception {
        TestResponse response =
                of(file(directory)).get("/").header("Range", "bytes=300-305").send();

        assertThat(response.code()).isEqualTo(206);
        assertThat(response.text()).isEqualTo("100101");
        assertThat(response.header("Content-Range")).isEqualTo("bytes 300-305/3000");
    }

    @Test
    void severalPartsOfAFileAreOneMessage(@TempDir Path directory) throws Exception {
        TestResponse response = of(file(directory))
                .get("/")
                .header("Range", "bytes=0-2, 300-305, -3, 5000-")
                .send();
        String boundary = response.header("Content-Type").replace("multipart/byteranges; boundary=", "--");

        assertThat(response.code()).isEqualTo(206);
        assertThat(response.headers().contains("Content-Range")).isFalse();
        assertThat(response.text())
                .isEqualTo(
                        ("\r\nB\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-2/3000\r\n\r\n000"
                                        + "\r\nB\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 300-305/3000"
                                        + "\r\n\r\n100101"
                                        + "\r\nB\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 2997-2999/3000"
                                        + "\r\n\r\n999\r\nB--\r\n")
                                .replace("B", boundary));
    }

    @Test
    void partsThatAreMoreThanTheWholeAreNotSent(@TempDir Path directory) throws Exception {
        Client client = of(file(directory));
        String overlapping = "bytes=0-" + ",0-".repeat(10);
        String many = "bytes=0-0" + ",1-1".repeat(100);

        assertThat(client.get("/").header("Range", overlapping).send().code()).isEqualTo(200);
        assertThat(client.get("/").header("Range", many).send().code()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereCanNotBeSent(@TempDir Path directory) throws Exception {
        TestResponse response =
                of(file(directory)).get("/").header("Range", "bytes=3000-").send();

        assertThat(response.code()).isEqualTo(416);
        assertThat(response.header("Content-Range")).isEqualTo("bytes */3000");
        assertThat(response.text()).contains("Range Not Satisfiable");
    }

    @Test
    void theBodyIsClosedWhateverBecomesOfIt() {
        for (String[] header : new String[][] {
            {"If-None-Match", "*"},
            {"If-Match", "\"x\""},
            {"Range", "bytes=0-1"},
            {"Range", "bytes=0-0,2-2"},
            {"Range", "bytes=9-"}
        }) {
            AtomicInteger closed = new AtomicInteger();
            Application application = (environ, startResponse) -> new Response("abc")
                    .onClose(closed::incrementAndGet)
                    .addEtag()
                    .makeConditional(new Request(environ))
                    .call(environ, startResponse);

            Client.of(application).get("/").header(header[0], header[1]).send();

            assertThat(closed).as("%s: %s", header[0], header[1]).hasValue(1);
        }
    }

    @Test
    void aTagStandsForTheBytes() {
        assertThat(new Response("a").addEtag().etag())
                .isEqualTo(new Response("a").addEtag().etag());
        assertThat(new Response("a").addEtag().etag())
                .isNotEqualTo(new Response("b").addEtag().etag());
        assertThat(new Response("a").etag(ETag.weak("v1")).addEtag().header("ETag"))
                .contains("W/\"v1\"");
    }

    @Test
    void nobodysChangeIsLost() {
        Environ environ = new Environ();
        environ.put("HTTP_IF_MATCH", "\"v1\"");
        Request request = new Request(environ);

        assertThatCode(() -> request.requirePreconditions(ETag.strong("v1"), null))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> request.requirePreconditions(ETag.strong("v2"), null))
                .isInstanceOf(PreconditionFailed.class);

        Environ creating = new Environ();
        creating.put("HTTP_IF_NONE_MATCH", "*");
        assertThatCode(() -> new Request(creating).requirePreconditions(null, null))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new Request(creating).requirePreconditions(ETag.strong("v1"), null))
                .isInstanceOf(PreconditionFailed.class);
    }

    private static Request asking(String header, String value) {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "PUT");
        environ.put("HTTP_" + header.toUpperCase(Locale.ROOT).replace('-', '_'), value);
        return new Request(environ);
    }

    /// Each is there, so there is a condition; none can be read, so it doesn't hold.
    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "\"other", "other\"", "W/", "W/\"", "\"a\" \"b\"", "\"a\"x", "\"x\", \"v1"})
    void aConditionThatCannotBeReadChangesNothing(String tags) {
        for (String header : List.of("If-Match", "If-None-Match")) {
            Request request = asking(header, tags);
            assertThatThrownBy(() -> request.requirePreconditions(ETag.strong("v1"), Instant.EPOCH))
                    .as("%s: %s", header, tags)
                    .isInstanceOf(PreconditionFailed.class);
            assertThatThrownBy(() -> request.requirePreconditions(null, null))
                    .as("%s: %s, of nothing", header, tags)
                    .isInstanceOf(PreconditionFailed.class);
        }
    }

    @Test
    void whatCanBeReadOfAListIsEnoughForIfMatch() {
        assertThatCode(() -> asking("If-Match", "\"v1\", \"x").requirePreconditions(ETag.strong("v1"), null))
                .doesNotThrowAnyException();
        assertThatCode(() -> asking("If-Match", ",\"v1\",,").requirePreconditions(ETag.strong("v1"), null))
                .doesNotThrowAnyException();
        assertThatCode(() -> asking("If-None-Match", "\"v2\", ,").requirePreconditions(ETag.strong("v1"), null))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> asking("If-Match", "W/\"v1\"").requirePreconditions(ETag.strong("v1"), null))
                .isInstanceOf(PreconditionFailed.class);
    }

    /// RFC 9110 sections 13.1.3 and 13.1.4: such a header must be ignored.
    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "0", "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT"})
    void aDateThatCannotBeReadIsNoCondition(String date) {
        assertThatCode(() -> asking("If-Unmodified-Since", date).requirePreconditions(ETag.strong("v1"), Instant.now()))
                .doesNotThrowAnyException();
    }

    @Test
    void whoReadsWithTagsThatCannotBeReadGetsNothingByIfMatchAndAllByTheOthers(@TempDir Path directory)
            throws Exception {
        Client client = of(file(directory));
        for (String tags : List.of("", "\"other", "W/")) {
            assertThat(client.get("/").header("If-Match", tags).send().code()).isEqualTo(412);
            assertThat(client.get("/").header("If-None-Match", tags).send().code())
                    .isEqualTo(200);
            assertThat(client.get("/")
                            .header("Range", "bytes=0-1")
                            .header("If-Range", tags)
                            .send()
                            .code())
                    .as("If-Range: %s", tags)
                    .isEqualTo(200);
        }
    }

    @Test
    void noFileNameBreaksAHeader() {
        assertThat(new Response("x").attachment("a\r\nSet-Cookie: b\u0000\"c").header("Content-Disposition"))
                .contains("attachment; filename=\"a__Set-Cookie: b_\\\"c\"");
    }
}
