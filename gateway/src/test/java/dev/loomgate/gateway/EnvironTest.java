package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironTest {
    @Test
    void theAccessorsReadTheVariablesTheyName() {
        InputStream input = new ByteArrayInputStream(new byte[0]);
        PrintWriter errors = new PrintWriter(new StringWriter());
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "PUT");
        environ.put("SCRIPT_NAME", "/app");
        environ.put("PATH_INFO", "/caf\u00e9");
        environ.put("REQUEST_URI", "/app/caf%C3%A9?a=b");
        environ.put("QUERY_STRING", "a=b");
        environ.put("CONTENT_TYPE", "text/plain");
        environ.put("CONTENT_LENGTH", "3");
        environ.put("SERVER_NAME", "localhost");
        environ.put("SERVER_PORT", "8000");
        environ.put("SERVER_PROTOCOL", "HTTP/1.1");
        environ.put("REMOTE_ADDR", "127.0.0.1");
        environ.put("HTTP_ACCEPT_LANGUAGE", "de");
        environ.put("wsgi.url_scheme", "https");
        environ.put("wsgi.input", input);
        environ.put("wsgi.errors", errors);

        assertThat(environ.method()).isEqualTo("PUT");
        assertThat(environ.scriptName()).isEqualTo("/app");
        assertThat(environ.path()).isEqualTo("/caf\u00e9");
        assertThat(environ.requestUri()).isEqualTo("/app/caf%C3%A9?a=b");
        assertThat(environ.queryString()).isEqualTo("a=b");
        assertThat(environ.contentType()).contains("text/plain");
        assertThat(environ.contentLength()).hasValue(3);
        assertThat(environ.serverName()).isEqualTo("localhost");
        assertThat(environ.serverPort()).isEqualTo("8000");
        assertThat(environ.protocol()).isEqualTo("HTTP/1.1");
        assertThat(environ.remoteAddress()).contains("127.0.0.1");
        assertThat(environ.header("Accept-Language")).contains("de");
        assertThat(environ.header("Content-Type")).contains("text/plain");
        assertThat(environ.scheme()).isEqualTo("https");
        assertThat(environ.input()).isSameAs(input);
        assertThat(environ.errors()).isSameAs(errors);
    }

    @Test
    void whatMayBeAbsentReadsAsEmpty() {
        Environ environ = new Environ();

        assertThat(environ.scriptName()).isEmpty();
        assertThat(environ.path()).isEmpty();
        assertThat(environ.requestUri()).isEmpty();
        assertThat(environ.queryString()).isEmpty();
        assertThat(environ.contentType()).isEmpty();
        assertThat(environ.contentLength()).isEqualTo(OptionalLong.empty());
        assertThat(environ.remoteAddress()).isEmpty();
        assertThat(environ.header("Accept")).isEmpty();
        assertThat(environ.text("X", "otherwise")).isEqualTo("otherwise");
    }

    @Test
    void whatMustBeThereIsNamedWhenItIsNot() {
        Environ environ = new Environ();
        environ.put("wsgi.input", "text");

        assertThatThrownBy(environ::method)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("environ has no REQUEST_METHOD");
        assertThatThrownBy(environ::input)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("environ's wsgi.input is not a InputStream but a java.lang.String");
    }

    @Test
    void textThatIsNoTextIsNamed() {
        Environ environ = new Environ();
        environ.put("loomgate.number", 1);

        assertThatThrownBy(() -> environ.text("loomgate.number"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("environ's loomgate.number is not a String but a java.lang.Integer");
        assertThatThrownBy(() -> environ.text("loomgate.number", "")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "007,7", "999999999999999999,999999999999999999"})
    void aContentLengthIsDecimalDigits(String text, long bytes) {
        Environ environ = new Environ();
        environ.put("CONTENT_LENGTH", text);

        assertThat(environ.contentLength()).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", " 1", "1,1", "0x10", "1e3", "\u0661", "1000000000000000000"})
    void anythingElseIsNoContentLength(String text) {
        Environ environ = new Environ();
        environ.put("CONTENT_LENGTH", text);

        assertThatThrownBy(environ::contentLength)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("CONTENT_LENGTH is not a number of bytes: " + Quoting.printable(text));
    }

    @Test
    void aContainerMayNotTellWhetherTheClientHasGone() {
        Environ environ = new Environ();
        assertThat(environ.clientGone()).isEmpty();

        CompletionStage<Void> gone = new CompletableFuture<>();
        environ.put("loomgate.client_gone", gone);
        assertThat(environ.clientGone()).containsSame(gone);
    }

    @ParameterizedTest
    @CsvSource({
        "Accept-Language,HTTP_ACCEPT_LANGUAGE",
        "x-forwarded-for,HTTP_X_FORWARDED_FOR",
        "content-type,CONTENT_TYPE",
        "Content-Length,CONTENT_LENGTH",
        "Content-Encoding,HTTP_CONTENT_ENCODING"
    })
    void aHeaderHasTheKeyThatCgiGivesIt(String header, String key) {
        assertThat(Environ.keyOf(header)).isEqualTo(key);
    }
}
