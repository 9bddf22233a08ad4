package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.Scheme;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HeadReaderTest {
    private static final ConnectionFacts UNIX = new ConnectionFacts(Scheme.HTTP, null, null);

    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(1024)
            .maxUriLength(200)
            .maxHeaderCount(10)
            .maxBodyBytes(1000)
            .build();

    private final HeadScratch scratch = new HeadScratch();

    static List<Fixture> refused() throws IOException {
        return Fixture.refusedRequests();
    }

    private Head read(List<ByteBuf> parts) {
        HeadReader reader = new HeadReader(LIMITS, scratch);
        Head head = Head.Incomplete.INCOMPLETE;
        for (ByteBuf part : parts) {
            head = reader.read(part);
            if (head != Head.Incomplete.INCOMPLETE) {
                return head;
            }
        }
        return head;
    }

    private RequestHead valid(String request) {
        Head head = read(List.of(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1)));
        assertThat(head).isInstanceOf(Head.Valid.class);
        return ((Head.Valid) head).request();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesHoweverTheBytesCome(Fixture fixture) {
        Segments.ways(fixture.bytes()).forEach(parts -> {
            assertThat(read(parts))
                    .as("%s in %d parts", fixture, parts.size())
                    .isInstanceOfSatisfying(Head.Refused.class, refused -> {
                        assertThat(refused.refusal().status()).isEqualTo(fixture.status());
                        assertThat(refused.refusal().logLine(UnaryOperator.identity()))
                                .contains(fixture.log());
                    });
        });
    }

    @Test
    void readsAHeadHoweverItsBytesCome() {
        String request = String.join(
                "\r\n",
                "POST /a%20b?c=d HTTP/1.1",
                "Host: example.org:8080",
                "X-Empty:",
                "Content-Length: 7",
                "x-two: 1",
                "X-Two: \t 2 \t",
                "",
                "");
        Segments.ways(request.getBytes(StandardCharsets.ISO_8859_1)).forEach(parts -> {
            assertThat(read(parts)).isInstanceOfSatisfying(Head.Valid.class, valid -> {
                HttpVariables variables = new HttpVariables(valid.request(), UNIX);
                assertThat(variables.get("REQUEST_METHOD")).isEqualTo("POST");
                assertThat(variables.get("REQUEST_URI")).isEqualTo("/a%20b?c=d");
                assertThat(variables.get("PATH_INFO")).isEqualTo("/a b");
                assertThat(variables.get("QUERY_STRING")).isEqualTo("c=d");
                assertThat(variables.get("CONTENT_LENGTH")).isEqualTo("7");
                assertThat(variables.get("HTTP_X_EMPTY")).isEqualTo("");
                assertThat(variables.get("HTTP_X_TWO")).isEqualTo("1, 2");
                assertThat(variables.get("HTTP_HOST")).isEqualTo("example.org:8080");
                assertThat(variables.get("SERVER_NAME")).isEqualTo("example.org");
            });
        });
    }

    @Test
    void leavesWhatFollowsTheHeadInTheBuffer() {
        ByteBuf in = Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next", StandardCharsets.ISO_8859_1);
        assertThat(new HeadReader(LIMITS, scratch).read(in)).isInstanceOf(Head.Valid.class);
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET /next");
    }

    @Test
    void oneReaderReadsOneHeadAfterTheOther() {
        HeadReader reader = new HeadReader(LIMITS, scratch);
        for (int i = 0; i < 3; i++) {
            ByteBuf first = Unpooled.copiedBuffer("\r\nGET /" + i + " HTTP/1.1\r\nHo", StandardCharsets.ISO_8859_1);
            assertThat(reader.read(first)).isEqualTo(Head.Incomplete.INCOMPLETE);
            assertThat(reader.hasPart()).isTrue();
            Head head = reader.read(Unpooled.copiedBuffer("st: a\r\n\r\n", StandardCharsets.ISO_8859_1));
            assertThat(head).isInstanceOf(Head.Valid.class);
            assertThat(reader.hasPart()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, '', true",
        "HTTP/1.1, Connection: close, false",
        "HTTP/1.1, 'Connection: X-Foo, Close', false",
        "HTTP/1.1, Connection: keep-alive, true",
        "HTTP/1.1, Connection: closed, true",
        "HTTP/1.0, '', false",
        "HTTP/1.0, Connection: Keep-Alive, true",
        "HTTP/1.0, 'Connection: keep-alive, close', false",
    })
    void persistenceFollowsVersionAndConnection(String version, String field, boolean persistent) {
        String line = field.isEmpty() ? "" : field + "\r\n";
        RequestHead head = valid("GET / " + version + "\r\nHost: a\r\n" + line + "\r\n");
        assertThat(head.has(RequestHead.KEEP_ALIVE)).isEqualTo(persistent);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /, ''",
        "/a/b;c=d, /a/b;c=d, ''",
        "//evil, //evil, ''",
        "/a/../b, /a/../b, ''",
        "/%2e%2e/%2f%5c, /..//\\, ''",
        "/%c3%a4, /ä, ''",
        "/%80, /\uFFFD, ''",
        "/a?, /a, ''",
        "/a?b?c, /a, b?c",
        "/a?%zz, /a, %zz",
        "http://other/x?y, /x, y",
        "http://other, /, ''",
        "HTTP://other?y, /, y",
        "https://[::1]:8/x, /x, ''",
        "'/\"<>\\^`{|}', '/\"<>\\^`{|}', ''",
    })
    void targetsBecomePathAndQuery(String target, String path, String query) {
        HttpVariables variables = new HttpVariables(valid("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"), UNIX);
        assertThat(variables.get("PATH_INFO")).isEqualTo(path);
        assertThat(variables.get("QUERY_STRING")).isEqualTo(query);
        assertThat(variables.get("REQUEST_URI")).isEqualTo(target);
    }

    @Test
    void theAuthorityOfAnAbsoluteTargetStandsForHost() {
        HttpVariables variables = new HttpVariables(valid("GET http://other:81/ HTTP/1.1\r\nHost: a\r\n\r\n"), UNIX);
        assertThat(variables.get("HTTP_HOST")).isEqualTo("other:81");
    }

    @Test
    void theAsteriskIsAnEmptyPath() {
        HttpVariables variables = new HttpVariables(valid("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), UNIX);
        assertThat(variables.get("PATH_INFO")).isEqualTo("");
        assertThat(variables.get("REQUEST_URI")).isEqualTo("*");
    }
}
