package dev.loomgate.server.unix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@Tag("timing")
class AcceptedUnixChannelTest {
    private static final int LARGE = 8 * 1024 * 1024;

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final Path directory;
    private final LoopGroup group;
    private final UnixDomainSocketAddress address;

    AcceptedUnixChannelTest(@TempDir Path directory) {
        this.directory = directory;
        group = LoopGroup.builder().transport(Transport.EPOLL).start();
        address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    }

    @AfterEach
    void closeLoop() {
        group.close();
    }

    private void listen(Supplier<ChannelInboundHandlerAdapter> handler) throws Exception {
        Loop loop = group.next();
        DomainSocketAddress local = new DomainSocketAddress(address.getPath().toString());
        ServerChannel server = UnixChannels.newServerChannel();
        server.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                Channel child = (Channel) message;
                child.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                child.pipeline().addLast(handler.get());
                accepted.add(child);
                ((io.netty.channel.EventLoop) loop.side().io()).register(child);
            }
        });
        ((io.netty.channel.EventLoop) loop.side().io()).register(server).sync();
        server.bind(local).sync();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    @Test
    void largeInputComesBackWholeThroughASlowReader() throws Exception {
        listen(Echo::new);
        byte[] sent = new byte[LARGE];
        new Random(1).nextBytes(sent);
        try (SocketChannel client = SocketChannel.open(address)) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    ByteBuffer out = ByteBuffer.wrap(sent);
                    while (out.hasRemaining()) {
                        client.write(out);
                    }
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] received = Channels.newInputStream(client).readAllBytes();
            writer.join();

            assertThat(Arrays.equals(received, sent)).isTrue();
        }
    }

    @Test
    void inputInSinglePiecesArrivesInOrder() throws Exception {
        listen(Echo::new);
        try (SocketChannel client = SocketChannel.open(address)) {
            for (int i = 0; i < 500; i++) {
                client.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                ByteBuffer back = ByteBuffer.allocate(1);
                assertThat(client.read(back)).isEqualTo(1);
                assertThat(back.get(0)).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void whatIsExpectedIsReadAtOnce() throws Exception {
        int length = 20_000;
        BlockingQueue<Integer> reads = new LinkedBlockingQueue<>();
        listen(() -> new ChannelInboundHandlerAdapter() {
            private int left = length;

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf in = (ByteBuf) message;
                left -= in.readableBytes();
                reads.add(in.readableBytes());
                in.release();
                UnixChannels.expects(context.channel(), left);
                if (left == 0) {
                    context.close();
                }
            }
        });
        try (SocketChannel client = SocketChannel.open(address)) {
            client.write(ByteBuffer.allocate(length));
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(reads).containsExactly(2048, length - 2048);
    }

    @Test
    void clientThatGoesIsNoticedAlsoWhileReadingIsPaused() throws Exception {
        listen(ChannelInboundHandlerAdapter::new);
        SocketChannel client = SocketChannel.open(address);
        Channel channel = accepted.poll(10, SECONDS);
        channel.config().setAutoRead(false);
        client.close();

        assertThat(channel.closeFuture().await(20, SECONDS)).isTrue();
    }

    @Test
    void clientThatEndsItsSideOnlyStillGetsTheAnswer() throws Exception {
        listen(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event == ChannelInputShutdownEvent.INSTANCE) {
                    context.writeAndFlush(Unpooled.copiedBuffer("answer", US_ASCII))
                            .addListener(ChannelFutureListener.CLOSE);
                }
            }
        });
        try (SocketChannel client = SocketChannel.open(address)) {
            client.shutdownOutput();
            assertThat(Channels.newInputStream(client).readAllBytes()).isEqualTo("answer".getBytes(US_ASCII));
        }
    }

    // The socket takes a part of them, which ends within one.
    @Test
    void manyPiecesThatAreFlushedTogetherArriveInOrder() throws Exception {
        byte[] content = new byte[LARGE];
        new Random(3).nextBytes(content);
        listen(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                for (int at = 0, size = 1; at < LARGE; at += size, size = Math.min(1 + at, 50_000)) {
                    context.write(Unpooled.directBuffer().writeBytes(content, at, Math.min(size, LARGE - at)));
                }
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        });
        try (SocketChannel client = SocketChannel.open(address)) {
            byte[] received = Channels.newInputStream(client).readAllBytes();

            assertThat(received).hasSize(LARGE);
            assertThat(Arrays.mismatch(received, content)).isEqualTo(-1);
        }
    }

    @Test
    void fileIsSentWholeBetweenBytes() throws Exception {
        byte[] content = new byte[LARGE];
        new Random(2).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        listen(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                context.write(Unpooled.copiedBuffer("<", US_ASCII));
                context.write(new DefaultFileRegion(file.toFile(), 0, content.length));
                context.writeAndFlush(Unpooled.copiedBuffer(">", US_ASCII)).addListener(ChannelFutureListener.CLOSE);
            }
        });
        try (SocketChannel client = SocketChannel.open(address)) {
            byte[] received = Channels.newInputStream(client).readAllBytes();

            assertThat(received).hasSize(content.length + 2).startsWith('<').endsWith('>');
            assertThat(Arrays.equals(Arrays.copyOfRange(received, 1, content.length + 1), content))
                    .isTrue();
        }
    }

    @Test
    void writesToAClientThatHasGoneFail() throws Exception {
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        listen(ChannelInboundHandlerAdapter::new);
        SocketChannel.open(address).close();
        Channel channel = accepted.poll(10, SECONDS);
        channel.closeFuture().await(20, SECONDS);
        channel.writeAndFlush(channel.alloc().buffer(1).writeByte(1))
                .addListener(done -> failed.complete(done.cause()));

        assertThat(failed.get(10, SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void everythingIsReadAlsoWhenTheClientEndsBeforeTheFirstRead() throws Exception {
        BlockingQueue<Integer> total = new LinkedBlockingQueue<>();
        listen(() -> new ChannelInboundHandlerAdapter() {
            private int count;

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                count += ((ByteBuf) message).readableBytes();
                ((ByteBuf) message).release();
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                total.add(count);
            }
        });
        for (int round = 0; round < 50; round++) {
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(address);
                ByteBuffer out = ByteBuffer.allocate(2048 * (round % 3) + 100);
                while (out.hasRemaining()) {
                    client.write(out);
                }
            }
            assertThat(total.poll(20, SECONDS)).isEqualTo(2048 * (round % 3) + 100);
        }
    }

    @Test
    void endOfTheLoopClosesItsConnections() throws Exception {
        listen(ChannelInboundHandlerAdapter::new);
        try (SocketChannel client = SocketChannel.open(address)) {
            accepted.poll(10, SECONDS);
            client.write(ByteBuffer.wrap(new byte[1]));
            group.next().createTask(() -> "a turn").get(10, SECONDS);
            group.close();

            assertThat(Channels.newInputStream(client).read()).isEqualTo(-1);
        }
    }
}
