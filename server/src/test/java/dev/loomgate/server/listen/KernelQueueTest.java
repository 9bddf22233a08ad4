package dev.loomgate.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelQueueTest {
    static {
        Epoll.ensureAvailability(); // loads Netty's native part
    }

    private final LinuxSocket listening = LinuxSocket.newSocketDomain();
    private final List<SocketChannel> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        listening.close();
    }

    private void connect(Path path, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        }
    }

    @Test
    void countsWhatNobodyHasAcceptedOfASocketThatWasRenamed(@TempDir Path directory) throws Exception {
        Path bound = directory.resolve("bound here");
        Path path = directory.resolve("app.sock");
        listening.bind(new DomainSocketAddress(bound.toString()));
        listening.listen(16);
        Files.move(bound, path);
        KernelQueue queue = new KernelQueue(listening.intValue());
        assertThat(queue.length()).isZero();

        connect(path, 5);
        assertThat(queue.length()).isEqualTo(5);
        int accepted = listening.accept(new byte[128]);
        assertThat(queue.length()).isEqualTo(4);
        new FileDescriptor(accepted).close();
        assertThat(queue.length()).isEqualTo(4);
    }

    @Test
    void anAbstractSocketHasAQueueToo() throws Exception {
        String name = "loomgate-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        listening.bind(new DomainSocketAddress("\0" + name));
        listening.listen(16);
        KernelQueue queue = new KernelQueue(listening.intValue());
        LinuxSocket first = LinuxSocket.newSocketDomain();
        LinuxSocket second = LinuxSocket.newSocketDomain();
        try {
            first.connect(new DomainSocketAddress("\0" + name));
            second.connect(new DomainSocketAddress("\0" + name));
            assertThat(queue.length()).isEqualTo(2);
        } finally {
            first.close();
            second.close();
        }
    }

    @Test
    void theKernelHasALimitOfItsOwn() throws Exception {
        Process cat = new ProcessBuilder("cat", "/proc/sys/net/core/somaxconn").start();
        int most = Integer.parseInt(new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        assertThat(KernelQueue.backlog(1)).isEqualTo(1);
        assertThat(KernelQueue.backlog(Integer.MAX_VALUE)).isEqualTo(most);
    }
}
