package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.PacketRecorder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packets that a real nginx sends now, whatever its version: what the fixture has recorded from one of them.
final class NginxPacketTest {
    private final Path directory;

    NginxPacketTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void getIsRead() throws Exception {
        ByteBuf packet = record("""
                        GET /caf%C3%A9/a%2Fb%0A?q=%41&x HTTP/1.1
                        Host: example.org
                        X-One: 1
                        Accept: text/html
                        X-One: 2
                        Cookie: a=1
                        Cookie: b=2
                        X_Dropped: 1
                        X-Latin: Jürgen
                        Connection: close

                        """, "", 0);
        CgiVariables variables = variables(packet);
        assertThat(variables.get("REQUEST_METHOD")).isEqualTo("GET");
        assertThat(variables.get("REQUEST_URI")).isEqualTo("/caf%C3%A9/a%2Fb%0A?q=%41&x");
        assertThat(variables.get("PATH_INFO")).isEqualTo("/café/a/b\n");
        assertThat(variables.get("QUERY_STRING")).isEqualTo("q=%41&x");
        assertThat(variables.get("SERVER_PROTOCOL")).isEqualTo("HTTP/1.1");
        assertThat(variables.get("HTTP_HOST")).isEqualTo("example.org");
        assertThat(variables.get("HTTP_X_ONE")).isEqualTo("1, 2");
        assertThat(variables.get("HTTP_COOKIE")).isEqualTo("a=1; b=2");
        assertThat(variables.get("HTTP_X_LATIN")).isEqualTo("Jürgen");
        assertThat(variables.get("HTTP_X_DROPPED")).isNull();
        assertThat(variables.get("CONTENT_LENGTH")).isNull();
        assertThat(variables.get("CONTENT_TYPE")).isNull();
        assertThat(variables.get("REMOTE_ADDR")).isEqualTo("127.0.0.1");
        assertThat(variables.get("SERVER_NAME")).isEqualTo("localhost");
        assertThat(variables.get("wsgi.url_scheme")).isEqualTo("http");
        assertThat(packet.readableBytes()).isZero();
    }

    @Test
    void postIsReadUpToItsBody() throws Exception {
        ByteBuf packet = record("""
                        POST /upload HTTP/1.1
                        Host: a
                        Content-Length: 5
                        Content-Type: text/plain
                        Connection: close

                        """, "hello", 5);
        CgiVariables variables = variables(packet);
        assertThat(variables.get("CONTENT_LENGTH")).isEqualTo("5");
        assertThat(variables.get("CONTENT_TYPE")).isEqualTo("text/plain");
        // nginx passes the fields beside the variables that its uwsgi_params name.
        assertThat(variables.get("HTTP_CONTENT_LENGTH")).isNull();
        assertThat(variables.get("HTTP_CONTENT_TYPE")).isNull();
        assertThat(shown(variables)).doesNotContain("HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE");
        assertThat(packet.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
    }

    @Test
    void chunkedBodyComesWithItsLength() throws Exception {
        ByteBuf packet = record("""
                        POST /upload HTTP/1.1
                        Host: a
                        Transfer-Encoding: chunked
                        Connection: close

                        """, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 5);
        CgiVariables variables = variables(packet);
        assertThat(variables.get("CONTENT_LENGTH")).isEqualTo("5");
        assertThat(packet.toString(StandardCharsets.US_ASCII)).isEqualTo("abcde");
    }

    private static List<String> shown(CgiVariables variables) {
        List<String> names = new ArrayList<>();
        variables.forEach((name, value) -> names.add(name));
        return names;
    }

    private ByteBuf record(String head, String body, int bodyBytes) throws Exception {
        Path socket = directory.resolve("recorder.sock");
        try (PacketRecorder recorder = new PacketRecorder(socket, bodyBytes);
                Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket));
                RawClient client =
                        RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port()))) {
            assertThat(client.send(head.replace("\n", "\r\n") + body).receiveText())
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("ok");
            return Unpooled.wrappedBuffer(recorder.next());
        }
    }

    private static CgiVariables variables(ByteBuf packet) {
        CgiMessage message = new UwsgiDecoder(PacketFixture.ANY_BODY).decode(packet);
        assertThat(message).isInstanceOf(UwsgiRequest.class);
        return new CgiVariables((UwsgiRequest) message);
    }
}
