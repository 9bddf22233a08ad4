package dev.loomgate.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class TcpQueueTest {
    static {
        Epoll.ensureAvailability(); // loads Netty's native part
    }

    @Test
    void countsWhatNobodyHasAccepted() throws Exception {
        LinuxSocket listening = LinuxSocket.newSocketStream();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listening.listen(16);
        int port = listening.localAddress().getPort();
        try (SocketChannel one = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                SocketChannel two = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            Eventually.await("two wait", () -> TcpQueue.length(listening.intValue(), port) == 2);
        }
        assertThatThrownBy(() -> TcpQueue.length(listening.intValue(), 1)).isInstanceOf(IOException.class);
        listening.close();
    }
}
