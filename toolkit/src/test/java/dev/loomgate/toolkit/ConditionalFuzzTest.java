package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import dev.loomgate.toolkit.headers.ContentRange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A request's conditions and ranges, of any bytes, leave a response that says what it has: the whole, the part
/// that its `Content-Range` names, or nothing.
///
/// An input has six fields with 0x1e between them: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since,
/// If-Range, Range. Option 0: the method is HEAD.
@Tag("once")
final class ConditionalFuzzTest implements FuzzTarget {
    private static final String CONTENT = "0123456789abcdef";
    private static final String[] KEYS = {
        "HTTP_IF_MATCH",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_IF_RANGE",
        "HTTP_RANGE"
    };

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        Environ environ = Environs.of(input.option(0) ? "HEAD" : "GET", new byte[0]);
        String[] values = input.text().split("\u001e", -1);
        for (int i = 0; i < KEYS.length && i < values.length; i++) {
            if (!values[i].isEmpty()) {
                environ.put(KEYS[i], values[i]);
            }
        }
        Response response = new Response(CONTENT)
                .header("ETag", "\"v1\"")
                .lastModified(Instant.parse("2026-01-02T03:04:05Z"))
                .makeConditional(new Request(environ));
        int status = response.status().code();
        assertThat(status).isIn(200, 206, 304, 412, 416);
        if (status == 200) {
            assertThat(content(response)).isEqualTo(CONTENT);
        }
        if (status == 206 && response.header("Content-Range").isPresent()) {
            ContentRange range =
                    ContentRange.parse(response.header("Content-Range").get()).orElseThrow();
            int begin = (int) range.part().orElseThrow().begin();
            int end = (int) range.part().orElseThrow().end();
            assertThat(content(response)).isEqualTo(CONTENT.substring(begin, end));
        }
        return status == 206 || status == 304;
    }

    private static String content(Response response) {
        return switch (response.body()) {
            case Body.Text text -> text.content();
            case Body.Bytes bytes -> new String(bytes.content(), StandardCharsets.UTF_8);
            default -> throw new AssertionError("a body " + response.body());
        };
    }
}
