package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.Scheme;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HttpVariablesTest {
    private static HttpVariables variables(String request) {
        Head head = new HeadReader(Limits.defaults(), new HeadScratch())
                .read(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1));
        assertThat(head).isInstanceOf(Head.Valid.class);
        return new HttpVariables(((Head.Valid) head).request(), connection());
    }

    private static ConnectionFacts connection() {
        try {
            return new ConnectionFacts(
                    Scheme.HTTP,
                    new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 8000),
                    new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 4711));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesThatWouldBeTakenForOthersAreDropped() {
        HttpVariables variables = variables(String.join(
                "\r\n",
                "GET / HTTP/1.1",
                "Host: a",
                "X_Forwarded_For: 1",
                "Content_Length: 9",
                "Transfer_Encoding: chunked",
                "Script_Name: /x",
                "Proxy: http://evil",
                "X-Real-IP: 2",
                "",
                ""));
        assertThat(new Environ(variables).keySet())
                .noneMatch(key -> key.startsWith("HTTP_X_FORWARDED")
                        || key.startsWith("HTTP_CONTENT")
                        || key.startsWith("HTTP_TRANSFER")
                        || key.startsWith("HTTP_SCRIPT")
                        || key.equals("HTTP_PROXY"))
                .contains("HTTP_X_REAL_IP");
        assertThat(variables.get("HTTP_X_FORWARDED_FOR")).isNull();
        assertThat(variables.get("HTTP_PROXY")).isNull();
        assertThat(variables.get("HTTP_SCRIPT_NAME")).isNull();
        assertThat(variables.get("CONTENT_LENGTH")).isNull();
    }

    @Test
    void everyVariableIsTheSameWalkedThroughAndAskedFor() {
        HttpVariables variables = variables(String.join(
                "\r\n",
                "POST /p%2fq?r HTTP/1.0",
                "Host: h:1",
                "Content-Type: text/x",
                "Content-Length: 3",
                "Cookie: a=1",
                "Accept: x",
                "cookie: b=2",
                "ACCEPT: y",
                "X-1_2: z",
                "",
                ""));
        TreeMap<String, Object> walked = new TreeMap<>();
        variables.forEach(
                (key, value) -> assertThat(walked.put(key, value)).as(key).isNull());
        walked.forEach((key, value) -> assertThat(variables.get(key)).as(key).isEqualTo(value));
        assertThat(walked)
                .containsEntry("REQUEST_METHOD", "POST")
                .containsEntry("SCRIPT_NAME", "")
                .containsEntry("PATH_INFO", "/p/q")
                .containsEntry("QUERY_STRING", "r")
                .containsEntry("REQUEST_URI", "/p%2fq?r")
                .containsEntry("CONTENT_TYPE", "text/x")
                .containsEntry("CONTENT_LENGTH", "3")
                .containsEntry("SERVER_PROTOCOL", "HTTP/1.0")
                .containsEntry("SERVER_NAME", "h")
                .containsEntry("SERVER_PORT", "8000")
                .containsEntry("REMOTE_ADDR", "2001:db8:0:0:0:0:0:7")
                .containsEntry("REMOTE_PORT", "4711")
                .containsEntry("HTTP_HOST", "h:1")
                .containsEntry("HTTP_COOKIE", "a=1; b=2")
                .containsEntry("HTTP_ACCEPT", "x, y")
                .containsEntry("wsgi.url_scheme", "http")
                .hasSize(16);
    }

    @Test
    void fieldsAreGivenApartAsTheyCame() {
        HttpVariables variables = variables(String.join(
                "\r\n",
                "POST /p HTTP/1.1",
                "X-A: 1",
                "Cookie: a=1",
                "Content-Type: text/x",
                "x-a:",
                "Host: h:1",
                "X_A: 2",
                "Proxy: http://evil",
                "cookie: b=2",
                "X-A: \u00e4",
                "",
                ""));
        TreeMap<String, String> others = new TreeMap<>();
        List<String> fields = new ArrayList<>();
        assertThat(variables.forEachApart(
                        others::put,
                        (bytes, name, nameLength, value, valueLength) ->
                                fields.add(new String(bytes, name, nameLength, StandardCharsets.ISO_8859_1)
                                        + ": "
                                        + new String(bytes, value, valueLength, StandardCharsets.ISO_8859_1))))
                .isTrue();
        assertThat(fields)
                .containsExactly(
                        "host: h:1", "X-A: 1", "cookie: a=1; b=2", "Content-Type: text/x", "x-a: ", "X-A: \u00e4");
        assertThat(others)
                .containsEntry("REQUEST_METHOD", "POST")
                .containsEntry("PATH_INFO", "/p")
                .doesNotContainKeys("CONTENT_TYPE", "HTTP_HOST", "HTTP_X_A");
    }

    @Test
    void aRequestWithoutHostHasTheSocketsName() {
        HttpVariables variables = variables("GET / HTTP/1.0\r\n\r\n");
        assertThat(variables.get("HTTP_HOST")).isNull();
        assertThat(variables.get("SERVER_NAME")).isEqualTo("192.0.2.1");
    }
}
