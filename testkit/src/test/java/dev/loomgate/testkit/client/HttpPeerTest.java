package dev.loomgate.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpPeerTest {
    @FunctionalInterface
    private interface Talk {
        void with(HttpPeer peer) throws IOException;
    }

    /// A server that says this to its only client, and ends its side.
    private static void talk(String said, Talk talk) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpPeer peer = HttpPeer.to(server.getLocalSocketAddress());
                Socket connection = server.accept()) {
            connection.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
            connection.shutdownOutput();
            talk.with(peer);
        }
    }

    @Test
    void answersAreReadOneAfterTheOther() throws IOException {
        talk(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: 1\r\nx: 2\r\n\r\nhelloHTTP/1.1 204 No Content\r\n\r\nrest",
                peer -> {
                    Answer first = peer.answer();
                    assertThat(first.status()).isEqualTo(200);
                    assertThat(first.text()).isEqualTo("hello");
                    assertThat(first.field("x")).isEqualTo("1\n2");
                    assertThat(first.field("y")).isEmpty();
                    assertThat(peer.answer().status()).isEqualTo(204);
                    assertThat(peer.rest()).isEqualTo("rest");
                });
    }

    @Test
    void contentIsChunkedOrEndsWithTheConnection() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        talk(head + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nall", peer -> {
            assertThat(peer.answer().text()).isEqualTo("hello");
            assertThat(peer.answer().text()).isEqualTo("all");
        });
    }

    @Test
    void anAnswerToAHeadHasNoContent() throws IOException {
        talk("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", peer -> {
            assertThat(peer.headOnly().content()).isEmpty();
            assertThat(peer.rest()).isEmpty();
        });
    }

    @Test
    void anAnswerThatBreaksOffIsAnError() throws IOException {
        talk("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", peer -> assertThatThrownBy(peer::answer)
                .isInstanceOf(EOFException.class)
                .hasMessage("the server has ended its side after 3 of 5 bytes"));
    }

    @Test
    void whatIsNoAnswerIsAnError() throws IOException {
        talk("HTTP/1.0 200 OK\r\n\r\n", peer -> assertThatThrownBy(peer::answer)
                .hasMessageContaining("not a status line"));
    }
}
