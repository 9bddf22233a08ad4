package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironWriterTest {
    private static Environ environ(String script, String path, String uri) {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "GET");
        environ.put("SCRIPT_NAME", script);
        environ.put("PATH_INFO", path);
        environ.put("REQUEST_URI", uri);
        environ.put("wsgi.url_scheme", "https");
        environ.put("wsgi.input", new ByteArrayInputStream(new byte[0]));
        environ.put("wsgi.version", "text, but the worker's own");
        environ.put("some.object", new Object());
        return environ;
    }

    private static Map<?, ?> written(Environ environ) {
        return (Map<?, ?>) java.util.Objects.requireNonNull(MarshalReader.read(
                Unpooled.wrappedBuffer(EnvironWriter.write(environ).toByteArray())));
    }

    /// The characters' bytes, which PEP 3333 means by its "native strings", in hex where they aren't ASCII.
    private static String shown(Object text) {
        StringBuilder shown = new StringBuilder();
        for (char c : ((String) text).toCharArray()) {
            assertThat((int) c).isLessThan(0x100);
            shown.append(c > 0x20 && c < 0x7f ? "" + c : "<%02x>".formatted((int) c));
        }
        return shown.toString();
    }

    // As the server makes them: the path is decoded from percent-encoding and UTF-8.
    @ParameterizedTest
    @CsvSource({
        "'', /, /, '', /",
        "'', /a b, /a%20b, '', /a<20>b",
        "'', /caf\u00e9, /caf%C3%A9, '', /caf<c3><a9>",
        "'', /\u4e2d/x, /%E4%B8%AD/x?q=%FF, '', /<e4><b8><ad>/x",
        "'', /\ud83d\ude00, /%F0%9F%98%80, '', /<f0><9f><98><80>",
        "'', /a/b, /a%2Fb, '', /a/b",
        "'', /\ufffd, /%FF, '', /<ff>",
        "'', /x\ufffd\ufffdy, /x%C3%28%A9y, '', /x<ef><bf><bd><ef><bf><bd>y",
        "'', /x\ufffd(\ufffdy, /x%C3%28%A9y, '', /x<c3>(<a9>y",
        "/app, /\ufffd, /app/%E9, /app, /<e9>",
        "/caf\u00e9, /\ufffd/x, /caf%C3%A9/%E9/x?a=b, /caf<c3><a9>, /<e9>/x",
        // a middleware has changed the path: REQUEST_URI says another one
        "/app, /\ufffd/new, /app/%E9/old, /app, /<ef><bf><bd>/new",
        "'', '', *, '', ''",
        "'', /100%, /100%, '', /100%",
        "'', /\ufffd%4, /%FF%4, '', /<ff>%4",
        "'', /\ufffd%zz, /%FF%zz, '', /<ff>%zz",
    })
    void pathsAreTheRequestsBytes(String script, String path, String uri, String scriptBytes, String pathBytes) {
        Map<?, ?> written = written(environ(script, path, uri));
        assertThat(shown(written.get("SCRIPT_NAME"))).isEqualTo(scriptBytes);
        assertThat(shown(written.get("PATH_INFO"))).isEqualTo(pathBytes);
        assertThat(written.get("REQUEST_URI")).isEqualTo(uri);
    }

    @Test
    void textGoesAndObjectsStay() {
        Map<?, ?> written = written(environ("", "/", "/"));
        assertThat(written.keySet())
                .map(Object::toString)
                .containsExactlyInAnyOrder(
                        "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "REQUEST_URI", "wsgi.url_scheme");
        assertThat(written.get("wsgi.url_scheme")).isEqualTo("https");
    }

    @Test
    void aMiddlewaresTextIsUtf8WhereItIsNotLatin1() {
        Environ environ = environ("", "/", "/");
        environ.put("HTTP_X_LATIN", "caf\u00e9");
        environ.put("REMOTE_USER", "\u0141ukasz");
        Map<?, ?> written = written(environ);
        assertThat(written.get("HTTP_X_LATIN")).isEqualTo("caf\u00e9");
        assertThat(written.get("REMOTE_USER"))
                .isEqualTo(new String("\u0141ukasz".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    @Test
    void whatIsMissingIsEmpty() {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "OPTIONS");
        assertThat(written(environ)).isEqualTo(Map.of("REQUEST_METHOD", "OPTIONS", "SCRIPT_NAME", "", "PATH_INFO", ""));
    }
}
