package dev.loomgate.server.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.RawClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A socket that moves to its place after the bind works with Netty's channels, which keep the path that they were
/// bound to.
final class UnixSocketChannelsTest {
    private final Path directory;

    UnixSocketChannelsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void epollServesAtThePublishedPath() throws Exception {
        UnixSocketFile file = UnixSocketFile.prepare(directory.resolve("app.sock"), 0600);
        serve(
                file,
                EpollIoHandler.newFactory(),
                EpollServerDomainSocketChannel.class,
                new DomainSocketAddress(file.bindPath().toFile()));
    }

    @Test
    void nioServesAtThePublishedPath() throws Exception {
        UnixSocketFile file = UnixSocketFile.prepare(directory.resolve("app.sock"), 0600);
        serve(
                file,
                NioIoHandler.newFactory(),
                NioServerDomainSocketChannel.class,
                UnixDomainSocketAddress.of(file.bindPath()));
    }

    private void serve(
            UnixSocketFile file, IoHandlerFactory factory, Class<? extends ServerChannel> type, SocketAddress address)
            throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
        try {
            Channel server = server(group, type, address);
            file.publish();
            Path path = directory.resolve("app.sock");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(echo(UnixDomainSocketAddress.of(path), "hello")).isEqualTo("hello");
            assertThat(file.remove()).isTrue();
            server.close().sync();
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left).isEmpty();
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private static Channel server(EventLoopGroup group, Class<? extends ServerChannel> type, SocketAddress address)
            throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                var unused = context.writeAndFlush(message);
                            }
                        });
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    private static String echo(SocketAddress address, String text) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return new String(client.send(text).receive(100), StandardCharsets.US_ASCII);
        }
    }
}
