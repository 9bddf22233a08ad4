package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Ping;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Uwsgi;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real uWSGI and we see the same variables in the same packet, except for what is named here.
final class UwsgiDifferentialTest {
    // PEP 3333 says that these are never empty, and uWSGI leaves them as they come.
    private static final Set<String> NEVER_EMPTY = Set.of("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL");
    // uWSGI shows these empty, PEP 3333 lets them be absent.
    private static final Set<String> ABSENT_IF_EMPTY =
            Set.of("CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_ADDR", "REMOTE_PORT");
    // PEP 3333 demands these; uWSGI has them only where the packet does.
    private static final Set<String> ALWAYS_THERE =
            Set.of("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL");

    private static Uwsgi uwsgi;

    @BeforeAll
    static void startUwsgi(@TempDir Path directory) throws IOException {
        uwsgi = Uwsgi.sync(directory, "echo_environ");
    }

    @AfterAll
    static void stopUwsgi() {
        uwsgi.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-1.22-get",
                "minimal",
                "empty-values",
                "header-empty",
                "header-latin-1",
                "path-utf8",
                "https-on",
                "content-length-zeros",
                "repeated-param-replaces",
                "repeated-host-replaces",
                "custom-variable-any-bytes",
                "method-of-its-own",
                "modifier-30-no-script",
                "body-follows",
            })
    void packetSaysTheSameToBoth(String fixture) throws IOException {
        byte[] packet = PacketFixture.named(fixture).bytes();
        assertThat(ours(packet)).isEqualTo(theirs(packet));
    }

    @Test
    void repeatedHeadersAreJoinedWhereUwsgiKeepsTheLast() throws IOException {
        byte[] packet = UwsgiPacket.request("GET", "/")
                .with("HTTP_X_A", "1")
                .with("HTTP_X_A", "2")
                .bytes();
        assertThat(theirs(packet)).containsEntry("HTTP_X_A", "2");
        assertThat(ours(packet)).containsEntry("HTTP_X_A", "1, 2");
    }

    @Test
    void modifier30FixesPathInfoAsUwsgiDocumentsItAndItsPython3PluginForgets() throws IOException {
        byte[] packet = PacketFixture.named("modifier-30").bytes();
        assertThat(theirs(packet)).containsEntry("PATH_INFO", "/app/x");
        assertThat(ours(packet)).containsEntry("PATH_INFO", "/x").containsEntry("SCRIPT_NAME", "/app");
    }

    @Test
    void contentFieldsComeOnceWhereUwsgiGivesThemTwice() throws IOException {
        byte[] packet = PacketFixture.named("nginx-1.22-post").bytes();
        Map<String, String> theirs = theirs(packet);
        assertThat(theirs.remove("HTTP_CONTENT_LENGTH")).isEqualTo("28");
        assertThat(theirs.remove("HTTP_CONTENT_TYPE")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(ours(packet)).isEqualTo(theirs);
    }

    @Test
    void aPacketWithoutMethodIsServedByBoth() throws IOException {
        byte[] packet = PacketFixture.named("no-method").bytes();
        assertThat(theirs(packet)).containsEntry("PATH_INFO", "/");
        assertThat(ours(packet)).containsEntry("PATH_INFO", "/").containsEntry("REQUEST_METHOD", "GET");
    }

    @Test
    void requestSchemeCountsWhereUwsgiKnowsHttpsOnly() throws IOException {
        byte[] packet = PacketFixture.named("https-by-scheme").bytes();
        assertThat(theirs(packet)).containsEntry("wsgi.url_scheme", "http");
        assertThat(ours(packet)).containsEntry("wsgi.url_scheme", "https");
    }

    @Test
    void pingIsAnsweredAlike() throws IOException {
        byte[] packet = UwsgiPacket.empty().modifier1(100).bytes();
        assertThat(decode(packet)).isInstanceOfSatisfying(Ping.class, ping -> assertThat(ping.pong())
                .isEqualTo(answer(packet)));
    }

    private static Map<String, String> ours(byte[] packet) {
        Map<String, String> seen = new TreeMap<>();
        CgiMessage message = decode(packet);
        assertThat(message).isInstanceOf(UwsgiRequest.class);
        new CgiVariables((UwsgiRequest) message).forEach((key, value) -> {
            boolean path = key.equals("PATH_INFO") || key.equals("SCRIPT_NAME");
            if (value instanceof String text) {
                seen.put(key, path ? inLatin1(text) : text);
            }
        });
        return seen;
    }

    // uWSGI follows PEP 3333 for Python: a path's bytes, each as one character.
    private static String inLatin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Map<String, String> theirs(byte[] packet) {
        String answer = new String(answer(packet), StandardCharsets.ISO_8859_1);
        assertThat(answer).startsWith("HTTP/1.").contains(" 200 OK\r\n");
        Map<String, String> seen = new TreeMap<>();
        for (String pair : answer.substring(answer.indexOf("\r\n\r\n") + 4).split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.ISO_8859_1);
            String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.ISO_8859_1);
            boolean ofUwsgi = key.startsWith("uwsgi.") || key.equals("body");
            boolean empty = value.isEmpty() && (NEVER_EMPTY.contains(key) || ABSENT_IF_EMPTY.contains(key));
            if (!ofUwsgi && !empty) {
                seen.put(key, value);
            }
        }
        Map<String, String> defaults = ours(UwsgiPacket.empty()
                .with("REQUEST_METHOD", "GET")
                .with("REQUEST_SCHEME", String.valueOf(seen.get("wsgi.url_scheme")))
                .bytes());
        ALWAYS_THERE.forEach(key -> seen.putIfAbsent(key, String.valueOf(defaults.get(key))));
        return seen;
    }

    private static CgiMessage decode(byte[] packet) {
        return new UwsgiDecoder(PacketFixture.ANY_BODY).decode(Unpooled.wrappedBuffer(packet));
    }

    private static byte[] answer(byte[] packet) {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(uwsgi.socket()))) {
            return client.send(packet).receiveAll();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
