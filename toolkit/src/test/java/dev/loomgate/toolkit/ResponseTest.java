package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseTest {
    private static TestResponse sent(Response response) {
        return Client.of(response).get("/").send();
    }

    @Test
    void oneResponseAnswersManyRequests() {
        Response response = new Response("Hello").header("X-Count", "1");
        Client client = Client.of((environ, startResponse) -> response.call(environ, (status, headers, cause) -> {
            headers.add("Date", "now");
            startResponse.start(status, headers, cause);
        }));

        String first = client.get("/").send().toString();

        assertThat(client.get("/").send()).hasToString(first);
        assertThat(response.headers().contains("Date")).isFalse();
    }

    @Test
    void aStreamIsWrittenAsItIsSent() {
        TestResponse response = sent(Response.stream("text/csv", writer -> {
            writer.write("a,b\n");
            writer.write(new byte[] {'1', ',', '2'});
        }));

        assertThat(response.text()).isEqualTo("a,b\n1,2");
        assertThat(response.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(response.headers().contains("Content-Length")).isFalse();
    }

    @Test
    void chunksComeInOrder() {
        byte[] a = "a".getBytes(StandardCharsets.UTF_8);
        byte[] b = "b".getBytes(StandardCharsets.UTF_8);

        assertThat(sent(Response.chunks("text/plain", List.of(a, new byte[0], b)))
                        .text())
                .isEqualTo("ab");
    }

    @Test
    void aFileHasItsTypeAndLength(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("page.HTML"), "<p>x");

        TestResponse response = sent(Response.file(file));

        assertThat(response.text()).isEqualTo("<p>x");
        assertThat(response.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.header("Content-Length")).isEqualTo("4");
        assertThatThrownBy(() -> Response.file(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Response.file(directory)).hasMessageContaining("not a file");
    }

    @Test
    void aFileOfAKnownLengthIsNotLookedAt(@TempDir Path directory) {
        Path none = directory.resolve("none.css");

        Response response = Response.file(none, 12);

        assertThat(response.header("Content-Length")).hasValue("12");
        assertThat(response.header("Content-Type")).hasValue("text/css; charset=utf-8");
        assertThatThrownBy(() -> Response.file(none, -1)).hasMessage("a file's length is not negative: -1");
    }

    @Test
    void theClosingActionRunsOnceOnEveryPath() {
        for (int status : new int[] {200, 204, 304}) {
            for (String method : new String[] {"GET", "HEAD"}) {
                AtomicInteger closed = new AtomicInteger();
                Response response = new Response("x", status).onClose(closed::incrementAndGet);

                Client.of(response).open(method, "/").send();

                assertThat(closed).as(method + " " + status).hasValue(1);
            }
        }
    }

    @Test
    void aStreamForHeadIsClosedWithoutBeingWritten() {
        AtomicInteger closed = new AtomicInteger();
        Response response = Response.stream("text/plain", _ -> {
                    throw new AssertionError("written");
                })
                .onClose(closed::incrementAndGet);

        Client.of(response).head("/").send();

        assertThat(closed).hasValue(1);
    }

    @Test
    void cookiesAddUp() {
        TestResponse response =
                sent(new Response("").cookie(Cookie.of("a", "1").withHttpOnly()).cookie(Cookie.expired("b")));

        assertThat(response.headers().all("Set-Cookie"))
                .containsExactly(
                        "a=1; HttpOnly; Path=/", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/");
    }

    @Test
    void whatCouldSplitAResponseIsRefused() {
        assertThatThrownBy(() -> new Response("").header("X", "a\r\nSet-Cookie: b=c"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cookie.of("a;b", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cookie.of("a", "").withDomain("x;Secure"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Cookie.of("a", "\r\nx").withPath("/;Domain=x").header())
                .isEqualTo("a=\"\\015\\012x\"; Path=/%3BDomain=x");
    }

    @Test
    void aLocationWithALineBreakIsQuoted() {
        assertThat(sent(Response.redirect("/a\r\nX: y")).header("Location")).isEqualTo("/a%0D%0AX:%20y");
    }

    @Test
    void aRedirectIsOneOfFive() {
        assertThat(sent(Response.redirect("/x")).code()).isEqualTo(303);
        assertThatThrownBy(() -> Response.redirect("/x", 200)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jsonIsUtf8WithoutACharset() {
        TestResponse response = sent(Response.json(List.of("ä")));

        assertThat(response.text()).isEqualTo("[\"ä\"]");
        assertThat(response.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void aValueThatIsNoJsonIsTheApplicationsFault() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);

        assertThatThrownBy(() -> Response.json(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.util.ArrayList can't be written as JSON");
    }
}
