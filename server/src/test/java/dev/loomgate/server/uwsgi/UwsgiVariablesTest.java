package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.testkit.client.UwsgiPacket;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class UwsgiVariablesTest {
    static List<PacketFixture> requests() throws IOException {
        return PacketFixture.all().stream()
                .filter(fixture -> fixture.expected().equals("request"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void forEachShowsWhatGetAnswersOnce(PacketFixture fixture) {
        CgiVariables variables = variables(fixture.bytes());
        Map<String, Object> shown = new HashMap<>();
        List<String> twice = new ArrayList<>();
        variables.forEach((key, value) -> {
            if (shown.put(key, value) != null) {
                twice.add(key);
            }
        });
        assertThat(twice).isEmpty();
        shown.forEach((key, value) -> assertThat(variables.get(key)).as(key).isEqualTo(value));
        fixture.variables().forEach((key, value) -> assertThat(shown).as(key).containsEntry(key, value));
        fixture.absent().forEach(key -> assertThat(shown).as(key).doesNotContainKey(key));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void undecodedVariablesAreTheSameOnes(PacketFixture fixture) {
        CgiVariables variables = variables(fixture.bytes());
        Map<String, Object> text = new HashMap<>();
        variables.forEachText(text::put);
        Map<String, Object> undecoded = new HashMap<>();
        boolean shown = variables.forEachUndecoded((bytes, name, nameLength, value, valueLength) -> {
            String key = new String(bytes, name, nameLength, StandardCharsets.ISO_8859_1);
            boolean path = key.equals("PATH_INFO") || key.equals("SCRIPT_NAME");
            Charset charset = path ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
            assertThat(undecoded.put(key, new String(bytes, value, valueLength, charset)))
                    .as(key)
                    .isNull();
        });
        assertThat(undecoded).isEqualTo(shown ? text : Map.of());
    }

    /// What nginx sends by its `uwsgi_params` is the case that it is made for.
    @Test
    void aPlainPacketIsShownUndecoded() {
        CgiVariables variables = variables(
                UwsgiPacket.request("GET", "/a?b=c").with("CONTENT_TYPE", "").bytes());
        List<String> names = new ArrayList<>();
        assertThat(variables.forEachUndecoded((bytes, name, nameLength, value, valueLength) ->
                        names.add(new String(bytes, name, nameLength, StandardCharsets.US_ASCII))))
                .isTrue();
        assertThat(names)
                .contains("PATH_INFO", "SCRIPT_NAME", "wsgi.url_scheme")
                .doesNotContain("CONTENT_TYPE")
                .doesNotHaveDuplicates();
    }

    @Test
    void everyVariableOfAManyVariablePacketIsFoundByItsName() {
        UwsgiPacket packet = UwsgiPacket.request("GET", "/");
        for (int i = 0; i < 200; i++) {
            packet.with("HTTP_X_" + i, "value " + i);
        }
        CgiVariables variables = variables(packet.bytes());
        for (int i = 0; i < 200; i++) {
            assertThat(variables.get("HTTP_X_" + i)).isEqualTo("value " + i);
        }
        assertThat(variables.get("HTTP_X_200")).isNull();
        assertThat(variables.get("")).isNull();
        assertThat(variables.get("HTTP_X_é")).isNull();
    }

    @Test
    void namesThatShareTheirTagAreToldApart() {
        // Same length, same first, middle and last character.
        UwsgiPacket packet =
                UwsgiPacket.request("GET", "/").with("HTTP_ABBA_C", "one").with("HTTP_ACBA_C", "two");
        CgiVariables variables = variables(packet.bytes());
        assertThat(variables.get("HTTP_ABBA_C")).isEqualTo("one");
        assertThat(variables.get("HTTP_ACBA_C")).isEqualTo("two");
        assertThat(variables.get("HTTP_ADBA_C")).isNull();
    }

    @Test
    void commonMethodsAreConstants() {
        assertThat(variables(UwsgiPacket.request("POST", "/").bytes()).get("REQUEST_METHOD"))
                .isSameAs("POST");
    }

    /// What nginx sends beside the variables of its uwsgi_params.
    @Test
    void contentFieldsComeOnceInEveryView() {
        UwsgiPacket packet = UwsgiPacket.empty()
                .with("REQUEST_METHOD", "POST")
                .with("QUERY_STRING", "")
                .with("SERVER_PROTOCOL", "HTTP/1.1")
                .with("SERVER_NAME", "a")
                .with("SERVER_PORT", "80")
                .with("CONTENT_TYPE", "text/plain")
                .with("CONTENT_LENGTH", "0")
                .with("HTTP_CONTENT_TYPF", "another")
                .with("HTTP_CONTENT_TYPE", "")
                .with("HTTP_CONTENT_LENGTH", "0");
        CgiVariables variables = variables(packet.bytes());
        List<String> undecoded = new ArrayList<>();
        assertThat(variables.forEachUndecoded((bytes, name, nameLength, value, valueLength) ->
                        undecoded.add(new String(bytes, name, nameLength, StandardCharsets.US_ASCII))))
                .isTrue();
        assertThat(undecoded)
                .contains("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_CONTENT_TYPF")
                .doesNotContain("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH");
        assertThat(new Environ(variables).keySet()).doesNotContain("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH");
        assertThat(variables.get("HTTP_CONTENT_LENGTH")).isNull();
    }

    @Test
    void whatHasNoMethodIsAGetInEveryView() {
        CgiVariables variables =
                variables(UwsgiPacket.empty().with("HTTP_X_BLAH", "blah").bytes());
        assertThat(variables.get("REQUEST_METHOD")).isEqualTo("GET");
        Environ environ = new Environ(variables);
        assertThat(environ.method()).isEqualTo("GET");
        assertThat(environ.keySet()).contains("REQUEST_METHOD", "HTTP_X_BLAH");
        // The undecoded view has no place for what isn't in the packet.
        assertThat(variables.forEachUndecoded((bytes, name, nameLength, value, valueLength) -> {}))
                .isFalse();
    }

    @Test
    void environFromAPacketIsAMapOfItsOwn() {
        Environ environ = new Environ(variables(
                UwsgiPacket.request("GET", "/a?b=c").with("HTTP_ACCEPT", "x").bytes()));
        environ.put("PATH_INFO", "/changed");
        environ.remove("HTTP_ACCEPT");
        assertThat(environ.path()).isEqualTo("/changed");
        assertThat(environ.queryString()).isEqualTo("b=c");
        assertThat(environ.header("Accept")).isEmpty();
        assertThat(environ.keySet()).contains("wsgi.url_scheme", "SCRIPT_NAME").doesNotContain("wsgi.input");
    }

    private static CgiVariables variables(byte[] packet) {
        CgiMessage message = new UwsgiDecoder(PacketFixture.ANY_BODY).decode(Unpooled.wrappedBuffer(packet));
        assertThat(message).isInstanceOf(UwsgiRequest.class);
        return new CgiVariables((UwsgiRequest) Objects.requireNonNull(message));
    }
}
