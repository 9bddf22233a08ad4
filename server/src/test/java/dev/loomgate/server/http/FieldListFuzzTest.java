package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A head that comes by HTTP/2 is a request only if HTTP/1.1's reader takes the same request for one: what a
/// client says in HTTP/2 can't be what it couldn't say in HTTP/1.1.
///
/// An input has fields with 0x1e between them, and 0x1f between a name and its value.
@Tag("once")
final class FieldListFuzzTest implements FuzzTarget {
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(400)
            .maxUriLength(100)
            .maxHeaderCount(6)
            .maxBodyBytes(1_000_000)
            .build();
    // A line of HTTP/1.1 has its name spelt out, and HTTP/2 has no line for Host.
    private static final Limits OF_LINES = Limits.builder()
            .maxHeaderBytes(4000)
            .maxUriLength(100)
            .maxHeaderCount(20)
            .maxBodyBytes(1_000_000)
            .build();
    private static final ConnectionFacts UNIX = new ConnectionFacts(Scheme.HTTP, null, null);

    private final FieldList fields = FieldList.http2(LIMITS);

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        fields.begin();
        for (String field : input.text().split("\u001e", -1)) {
            String[] parts = field.split("\u001f", 2);
            CharSequence value = parts.length == 1 ? "" : parts[1];
            fields.add(parts[0], input.option(0) ? new AsciiString(value) : value);
        }
        switch (fields.complete(UNIX)) {
            case FieldList.Result.Malformed(String why) -> assertThat(why).matches("[ -~]+");
            case FieldList.Result.Refused(var refusal, boolean headRequest) -> {
                assertThat(refusal.status()).isIn(400, 413, 414, 417, 431, 501);
                assertThat(refusal.problem()).matches("http: [ -~]+");
            }
            case FieldList.Result.Request request -> {
                assertThat(request.contentLength()).isBetween(RequestHead.NO_LENGTH, LIMITS.maxBodyBytes());
                assertThat(fields.limitPassed()).isNull();
                assertThat(request.method()).isEqualTo(request.variables().get("REQUEST_METHOD"));
                checkAsLines(request);
                return true;
            }
        }
        return false;
    }

    private static void checkAsLines(FieldList.Result.Request request) {
        Map<String, Object> variables = variables(request.variables());
        StringBuilder lines =
                new StringBuilder(request.method() + " " + variables.get("REQUEST_URI") + " HTTP/1.1\r\n");
        variables.forEach((key, value) -> {
            String name = key.startsWith("HTTP_") ? key.substring("HTTP_".length()) : key;
            if (key.startsWith("HTTP_") || key.equals("CONTENT_TYPE") || key.equals("CONTENT_LENGTH")) {
                lines.append(name.replace('_', '-').toLowerCase(Locale.ROOT))
                        .append(": ")
                        .append(value)
                        .append("\r\n");
            }
        });
        // HTTP/1.1 wants a field that HTTP/2 doesn't.
        boolean hosted = variables.containsKey("HTTP_HOST");
        lines.append(hosted ? "\r\n" : "Host:\r\n\r\n");
        Head head = new HeadReader(OF_LINES, new HeadScratch())
                .read(Unpooled.copiedBuffer(lines, StandardCharsets.ISO_8859_1));
        assertThat(head).isInstanceOf(Head.Valid.class);
        Map<String, Object> read = variables(new HttpVariables(((Head.Valid) head).request(), UNIX));
        for (Map<String, Object> each : List.of(read, variables)) {
            each.remove("SERVER_PROTOCOL");
            // A line has no blanks at its end, as several values may have that are joined.
            each.replaceAll((_, value) -> value.toString().strip());
            if (!hosted) {
                each.remove("HTTP_HOST");
                each.remove("SERVER_NAME");
            }
        }
        assertThat(read).isEqualTo(variables);
    }

    private static Map<String, Object> variables(Variables of) {
        Map<String, Object> variables = new TreeMap<>();
        of.forEach((key, value) -> {
            assertThat(variables.put(key, value)).as(key).isNull();
            assertThat(of.get(key)).as(key).isEqualTo(value);
        });
        return variables;
    }
}
