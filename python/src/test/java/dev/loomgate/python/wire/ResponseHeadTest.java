package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseHeadTest {
    private static ResponseHead parse(String text) {
        return ResponseHead.parse(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void statusAndFieldsComeInTheirOrder() {
        ResponseHead head = parse("404 Not \u00c4ny\nSet-Cookie\na=1\nX\n\nSet-Cookie\nb=\u00e9");
        assertThat(head.status()).isEqualTo(new Status(404, "Not \u00c4ny"));
        Headers expected = new Headers();
        expected.add("Set-Cookie", "a=1");
        expected.add("X", "");
        expected.add("Set-Cookie", "b=\u00e9");
        assertThat(head.headers().toString()).isEqualTo(expected.toString());
    }

    @Test
    void theUsualStatusIsNotMadeAnew() {
        assertThat(parse("200 OK").status()).isSameAs(Status.OK);
        assertThat(parse("200 OK").headers().toString()).isEqualTo(new Headers().toString());
    }

    @Test
    void aNameWithoutAValueIsADefect() {
        assertThatThrownBy(() -> parse("200 OK\nX"))
                .isInstanceOf(FrameException.class)
                .hasMessage("a response's head has a field name without a value");
    }

    @Test
    void whatTheApplicationGotWrongIsSaid() {
        assertThatThrownBy(() -> parse("2000 OK")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("200 OK\nBad Name\nx"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Bad Name");
        assertThatThrownBy(() -> parse("200 OK\nX\na\rb")).isInstanceOf(IllegalArgumentException.class);
    }
}
