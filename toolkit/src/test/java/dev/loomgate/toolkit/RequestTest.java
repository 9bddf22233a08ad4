package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.ClientDisconnected;
import dev.loomgate.toolkit.exceptions.RequestEntityTooLarge;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTest {
    record User(String name, int age) {}

    private static Environ environ(String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "post");
        environ.put("PATH_INFO", "/x");
        environ.put("CONTENT_TYPE", type);
        environ.put("CONTENT_LENGTH", Integer.toString(bytes.length));
        environ.put("HTTP_ACCEPT_LANGUAGE", "de");
        environ.put("HTTP_X_REQUEST_ID", "7");
        environ.put("wsgi.input", new ByteArrayInputStream(bytes));
        environ.put("wsgi.input_terminated", true);
        return environ;
    }

    private static Request request(String type, String body) {
        return new Request(environ(type, body));
    }

    @Test
    void jsonBecomesARecord() {
        User user = request("application/json", "{\"name\":\"Bob\",\"age\":5}").json(User.class);

        assertThat(user).isEqualTo(new User("Bob", 5));
        assertThat(request("application/vnd.api+json; charset=utf-8", "{\"a\":[1]}")
                        .json(Object.class))
                .isEqualTo(Map.of("a", List.of(1)));
    }

    @Test
    void jsonOfAnotherTypeIsUnsupported() {
        assertThatThrownBy(() -> request("text/plain", "{}").json(User.class)).isInstanceOf(UnsupportedMediaType.class);
    }

    @Test
    void brokenJsonSaysWhere() {
        assertThatThrownBy(
                        () -> request("application/json", "{\n  \"name\": Bob}").json(User.class))
                .isInstanceOfSatisfying(BadRequest.class, e -> assertThat(e.description())
                        .startsWith("The request's body is not valid JSON at line 2, column "));
        assertThatThrownBy(() -> request("application/json", "{\"name\":\"Bob\",\"age\":\"x\"}")
                        .json(User.class))
                .isInstanceOfSatisfying(BadRequest.class, e -> assertThat(e.description())
                        .isEqualTo(
                                "The value at /age must be a whole number from -2147483648 to 2147483647, not \"x\"."));
        assertThatThrownBy(() -> request("application/json", "").json(User.class))
                .isInstanceOfSatisfying(BadRequest.class, e -> assertThat(e.description())
                        .isEqualTo("The request's body is empty, and should be JSON."));
    }

    @Test
    void aFormOverItsLimitNamesIt() {
        Limits limits = Limits.DEFAULT.withFormMemoryBytes(10);
        String type = "application/x-www-form-urlencoded";
        Environ unannounced = environ(type, "a=123456789");
        unannounced.remove("CONTENT_LENGTH");

        assertThat(new Request(environ(type, "a=12345678"), limits).form().get("a", ""))
                .isEqualTo("12345678");
        for (Environ environ : List.of(environ(type, "a=123456789"), unannounced)) {
            assertThatThrownBy(() -> new Request(environ, limits).form())
                    .isInstanceOfSatisfying(RequestEntityTooLarge.class, e -> assertThat(e.description())
                            .isEqualTo("The form is over the limit of 10 bytes."));
        }
    }

    @Test
    void aFormComesFromDataThatWasReadBefore() {
        Request request = request("application/x-www-form-urlencoded", "a=1&a=2");

        assertThat(request.data()).hasSize(7);
        assertThat(request.form().all("a")).containsExactly("1", "2");
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhereItIsFound() throws IOException {
        Limits limits = Limits.DEFAULT.withBodyBytes(4);
        Environ unannounced = environ("text/plain", "12345");
        unannounced.remove("CONTENT_LENGTH");
        Request request = new Request(unannounced, limits);

        assertThat(request.stream().readNBytes(4)).hasSize(4);
        assertThatThrownBy(() -> request.stream().read()).isInstanceOf(RequestEntityTooLarge.class);
        assertThatThrownBy(() -> new Request(environ("text/plain", "12345"), limits).stream())
                .isInstanceOf(RequestEntityTooLarge.class);
        assertThat(new Request(environ("text/plain", "1234"), limits).text()).isEqualTo("1234");
    }

    @Test
    void aServerThatDoesNotEndItsInputIsReadToTheLength() throws IOException {
        Environ environ = environ("text/plain", "1234567");
        environ.put("CONTENT_LENGTH", "3");
        environ.remove("wsgi.input_terminated");

        assertThat(new Request(environ).text()).isEqualTo("123");

        Environ unknown = environ("text/plain", "1234567");
        unknown.remove("wsgi.input_terminated");
        unknown.remove("CONTENT_LENGTH");
        assertThat(new Request(unknown).stream().readAllBytes()).isEmpty();
    }

    @Test
    void aBodyThatBreaksOffIsADisconnect() {
        Environ environ = environ("text/plain", "12");
        environ.put("CONTENT_LENGTH", "3");
        environ.remove("wsgi.input_terminated");

        assertThatThrownBy(() -> new Request(environ).data()).isInstanceOf(ClientDisconnected.class);
    }

    @Test
    void headersCompareWithoutRegardToCase() {
        RequestHeaders headers = request("text/plain", "x").headers();

        assertThat(headers.first("accept-language")).contains("de");
        assertThat(headers.get("Content-Type", "")).isEqualTo("text/plain");
        assertThat(headers.contains("X-None")).isFalse();
        assertThat(headers.copy().toString())
                .isEqualTo("Content-Type: text/plain\nContent-Length: 1\nAccept-Language: de\nX-Request-Id: 7\n");
    }

    @Test
    void theTextsCharsetIsTheOneNamed() {
        Environ environ = environ("text/plain; charset=iso-8859-1", "");
        environ.put("wsgi.input", new ByteArrayInputStream(new byte[] {(byte) 0xe4}));

        assertThat(new Request(environ).text()).isEqualTo("ä");
        assertThatThrownBy(() -> request("text/plain; charset=nonsense", "x").text())
                .isInstanceOf(UnsupportedMediaType.class);
    }

    @Test
    void theMethodIsInUpperCase() {
        assertThat(request("text/plain", "").method()).isEqualTo("POST");
    }
}
