package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.headers.ETags;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an answer without the content says of it: RFC 9110 sections 9.3.2, 13 and 15.4.5.
class GzipHeadersTest {
    private static final String LONG = "hello wörld ".repeat(1000);

    private static final List<String> OF_THE_CONTENT =
            List.of("Vary", "ETag", "Cache-Control", "Content-Location", "Expires");

    private static Application page(Response response) {
        return (environ, start) ->
                response.makeConditional(new Request(environ)).call(environ, start);
    }

    private static TestResponse ask(Application application, String method, String... headers) {
        Call call = Client.of(Gzip.of().wrap(application)).open(method, "/");
        for (int i = 0; i < headers.length; i += 2) {
            call.header(headers[i], headers[i + 1]);
        }
        return call.send();
    }

    private static Map<String, String> of(TestResponse response, List<String> names) {
        Map<String, String> shown = new TreeMap<>();
        names.forEach(name -> shown.put(name, response.headers().all(name).toString()));
        return shown;
    }

    private interface Made {
        Response make() throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "", "identity", "gzip;q=0"})
    void aHeadAnd304SayOfTheContentWhatThe200Says(String accepted, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f.txt"), LONG);
        Instant date = Instant.parse("2026-01-02T03:04:05Z");
        List<Made> all = List.of(
                () -> new Response(LONG).addEtag(),
                () -> new Response(LONG).etag(ETag.weak("v")),
                () -> new Response(LONG).lastModified(date),
                () -> new Response(LONG).lastModified(date).addEtag().header("Vary", "Cookie"),
                () -> new Response("short").addEtag(),
                () -> Response.bytes(new byte[5000], "image/png").addEtag(),
                () -> Response.stream("text/csv", writer -> writer.write(LONG)).etag(ETag.strong("s")),
                () -> Response.file(file).etag(ETag.strong("f")),
                () -> new Response(LONG).addEtag().header("Cache-Control", "No-Transform"),
                () -> new Response(LONG).addEtag().header("Content-Encoding", "br"));
        for (Made made : all) {
            TestResponse got = ask(page(made.make()), "GET", "Accept-Encoding", accepted);
            TestResponse head = ask(page(made.make()), "HEAD", "Accept-Encoding", accepted);

            assertThat(of(head, OF_THE_CONTENT)).isEqualTo(of(got, OF_THE_CONTENT));
            List<String> more = List.of("Content-Encoding", "Content-Type", "Last-Modified", "Accept-Ranges");
            assertThat(of(head, more)).isEqualTo(of(got, more));
            assertThat(head.header("Content-Length")).isIn("", got.header("Content-Length"));

            boolean byTag = got.headers().contains("ETag");
            TestResponse known = ask(
                    page(made.make()),
                    "GET",
                    "Accept-Encoding",
                    accepted,
                    byTag ? "If-None-Match" : "If-Modified-Since",
                    got.header(byTag ? "ETag" : "Last-Modified"));

            assertThat(known.code()).isEqualTo(304);
            assertThat(of(known, OF_THE_CONTENT)).isEqualTo(of(got, OF_THE_CONTENT));
        }
    }

    @Test
    void theTagOfA304IsThatOfTheResponseThatTheRequestWouldGet() {
        Response page = new Response(LONG).etag(ETag.strong("v"));

        TestResponse byOther = ask(page(page), "GET", "Accept-Encoding", "gzip", "If-None-Match", "\"v\"");
        TestResponse plain = ask(page(new Response(LONG).etag(ETag.strong("v"))), "GET", "If-None-Match", "W/\"v\"");

        assertThat(byOther.code()).isEqualTo(304);
        assertThat(byOther.header("ETag")).isEqualTo("W/\"v\"");
        assertThat(plain.header("ETag")).isEqualTo("\"v\"");
    }

    /// As one in Python would, of which nothing is known but what it sends.
    private static Application foreign(int code, String... headers) {
        return (_, start) -> {
            start.start(Status.of(code), Headers.of(headers));
            return Body.empty();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "gzip | W/\"v\"        | W/\"v\"",
                "gzip | \"v\"          | \"v\"",
                "gzip | \"u\", W/\"v\" | W/\"v\"",
                "~~   | W/\"v\"        | \"v\"",
                "gzip | *              | \"v\""
            })
    void a304OfAnotherKindHasTheTagThatTheClientKnows(String accepted, String known, String tag) {
        TestResponse answer =
                ask(foreign(304, "ETag", "\"v\""), "GET", "Accept-Encoding", accepted, "If-None-Match", known);

        assertThat(answer.header("ETag")).isEqualTo(tag);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void aHeadOfAnotherKindIsToldByItsHeaders() {
        TestResponse large = ask(
                foreign(200, "Content-Type", "text/html", "Content-Length", "5000", "ETag", "\"v\""),
                "HEAD",
                "Accept-Encoding",
                "gzip");
        TestResponse small = ask(
                foreign(200, "Content-Type", "text/html", "Content-Length", "50", "ETag", "\"v\""),
                "HEAD",
                "Accept-Encoding",
                "gzip");

        assertThat(large.header("ETag")).isEqualTo("W/\"v\"");
        assertThat(large.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(large.headers().contains("Content-Length")).isFalse();
        assertThat(small.header("ETag")).isEqualTo("\"v\"");
        assertThat(small.header("Content-Length")).isEqualTo("50");
        assertThat(small.header("Vary")).isEmpty();
    }

    private static final Application NOTE = (environ, start) -> {
        ETag current = ETag.strong("v1");
        Request request = new Request(environ);
        ETags wanted = request.preconditions().ifMatch();
        boolean go = wanted.isEmpty() || wanted.matchesStrongly(current);
        Response answer = request.method().equals("PUT")
                ? new Response(go ? "changed" : "lost", go ? 200 : 412)
                : new Response(LONG).etag(current).makeConditional(request);
        return answer.call(environ, start);
    };

    @Test
    void whoGotACompressedPageCanChangeIt() {
        String tag = ask(NOTE, "GET", "Accept-Encoding", "gzip").header("ETag");

        assertThat(tag).isEqualTo("W/\"v1\"");
        assertThat(ask(NOTE, "PUT", "If-Match", tag).code()).isEqualTo(200);
        assertThat(ask(NOTE, "PUT", "If-Match", "\"v0\", " + tag).code()).isEqualTo(200);
        assertThat(ask(NOTE, "PUT", "If-Match", "W/\"v0\"").code()).isEqualTo(412);
        assertThat(ask(NOTE, "GET", "If-Match", tag, "Accept-Encoding", "gzip").code())
                .isEqualTo(200);
        assertThat(ask(NOTE, "GET", "If-Match", "W/\"v0\"").code()).isEqualTo(412);
        // Behind no Gzip, nobody gave that tag.
        assertThat(Client.of(NOTE).put("/").header("If-Match", tag).send().code())
                .isEqualTo(412);
    }

    @Test
    void aTagThatIsWeakByItselfIsStillNoMatch() {
        Application weak = (environ, start) -> new Response(LONG)
                .etag(ETag.weak("v1"))
                .makeConditional(new Request(environ))
                .call(environ, start);

        assertThat(ask(weak, "GET", "If-Match", "W/\"v1\"").code()).isEqualTo(412);
    }

    @Test
    void aPartIsOfWhatIsNotCompressed() {
        String[] gzip = {"Accept-Encoding", "gzip", "Range", "bytes=0-9"};
        Made page = () -> new Response(LONG).etag(ETag.strong("v"));
        try {
            TestResponse part = ask(page(page.make()), "GET", gzip);
            assertThat(part.code()).isEqualTo(206);
            assertThat(part.text()).isEqualTo(LONG.substring(0, 9));
            assertThat(part.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(part.header("ETag")).isEqualTo("\"v\"");
            assertThat(part.headers().contains("Content-Encoding")).isFalse();

            TestResponse several = ask(page(page.make()), "GET", "Accept-Encoding", "gzip", "Range", "bytes=0-9,20-29");
            assertThat(several.code()).isEqualTo(206);
            assertThat(several.header("Vary")).isEqualTo("Accept-Encoding");

            for (String other : List.of("W/\"v\"", "\"u\"")) {
                TestResponse whole = ask(
                        page(page.make()), "GET", "Accept-Encoding", "gzip", "Range", "bytes=0-9", "If-Range", other);
                assertThat(whole.code()).isEqualTo(200);
                assertThat(whole.header("Content-Encoding")).isEqualTo("gzip");
            }
            TestResponse same =
                    ask(page(page.make()), "GET", "Accept-Encoding", "gzip", "Range", "bytes=0-9", "If-Range", "\"v\"");
            assertThat(same.code()).isEqualTo(206);

            TestResponse beyond = ask(page(page.make()), "GET", "Accept-Encoding", "gzip", "Range", "bytes=90000-");
            assertThat(beyond.code()).isEqualTo(416);
            assertThat(beyond.headers().contains("Content-Encoding")).isFalse();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-transform",
                "No-Transform",
                "NO-TRANSFORM",
                "public, No-Transform",
                "max-age=5,no-transform",
                "No-Transform, x=\"y\""
            })
    void noTransformIsObeyedInAnyCase(String control) {
        TestResponse answer =
                ask(new Response(LONG).header("Cache-Control", control), "GET", "Accept-Encoding", "gzip");

        assertThat(answer.headers().contains("Content-Encoding")).isFalse();
        assertThat(answer.text()).isEqualTo(LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "x=\"no-transform\"", "no-transformation"})
    void whatOnlyLooksLikeNoTransformIsNone(String control) {
        TestResponse answer =
                ask(new Response(LONG).header("Cache-Control", control), "GET", "Accept-Encoding", "gzip");

        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cookie                  | Cookie, Accept-Encoding",
                "accept-encoding         | accept-encoding",
                "Cookie, ACCEPT-ENCODING | Cookie, ACCEPT-ENCODING",
                "*                       | *",
                "Cookie, *               | Cookie, *"
            })
    void varyNamesEachHeaderOnce(String before, String after) {
        TestResponse answer = ask(new Response(LONG).header("Vary", before), "GET", "Accept-Encoding", "gzip");

        assertThat(answer.headers().all("Vary")).containsExactly(after);
    }
}
