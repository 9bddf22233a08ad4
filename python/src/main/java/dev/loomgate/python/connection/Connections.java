package dev.loomgate.python.connection;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.io.NettyTransport;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameReader;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The connections of a worker: `data`, `control` and `call`, and `descriptors` in direct mode. Loop side only.
public final class Connections {
    private static final int FIRST_BYTES = 8 * 1024;
    private static final long LAST_DESCRIPTORS_MILLIS = 200;
    private static final String ENDED = "it has closed its connection";

    private final Loop loop;
    private final SocketAddress address;
    private final FrameListener listener;
    private @Nullable Channel data;
    private @Nullable Channel control;
    private @Nullable Channel calls;
    private @Nullable Channel descriptors;
    private final @Nullable Shared shared;
    /// Connections at whose end nothing more comes from the worker.
    private int open = 1;

    /// What goes over `descriptors`.
    ///
    /// @param listening the descriptors of the sockets that the worker is to take connections from
    /// @param received told of each descriptor that comes, which is its own from then on
    public record Shared(List<Integer> listening, IntConsumer received) {
        public Shared {
            listening = List.copyOf(listening);
        }
    }

    /// @param socket on which the worker listens
    public Connections(Loop loop, Path socket, FrameListener listener) {
        this(loop, socket, listener, null);
    }

    /// @param shared null where it isn't direct mode
    public Connections(Loop loop, Path socket, FrameListener listener, @Nullable Shared shared) {
        this.loop = loop;
        this.address = NettyTransport.unixAddress(loop.side().transport(), socket);
        this.listener = listener;
        this.shared = shared;
    }

    /// Connects. The worker says on `control` when it is ready.
    public void connect() {
        data = open("data", new DataHandler());
        control = open("control", new ControlHandler());
        calls = open("call", new CallHandler());
        if (shared != null) {
            open++;
            descriptors = open("descriptors", new DescriptorHandler(shared), shared.listening());
        }
    }

    private Channel open(String kind, ChannelHandler handler) {
        return open(kind, handler, List.of());
    }

    /// @param passed descriptors that are sent after HELLO, a byte each
    private Channel open(String kind, ChannelHandler handler, List<Integer> passed) {
        Channel channel = NettyTransport.newChannel(loop.side().transport(), address);
        channel.pipeline().addLast(handler);
        ByteBuf hello = Unpooled.buffer();
        Frames.bytes(hello, FrameType.HELLO, 0, 0, kind.getBytes(StandardCharsets.US_ASCII));
        EventLoopGroup group = loop.side().io();
        group.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                hello.release();
                failed(kind, registered.cause());
                return;
            }
            channel.connect(address).addListener((ChannelFuture connected) -> {
                if (connected.isSuccess()) {
                    channel.write(hello);
                    passed.forEach(each -> channel.write(new FileDescriptor(each)));
                    channel.flush();
                } else {
                    hello.release();
                    failed(kind, connected.cause());
                }
            });
        });
        return channel;
    }

    private void failed(String kind, Throwable cause) {
        listener.ended("its connection \"%s\" can't be made: %s".formatted(kind, cause));
    }

    ByteBuf newBuffer() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(FIRST_BYTES);
    }

    /// Sends frames on `data`.
    public void send(ByteBuf frames) {
        write(data, frames);
    }

    /// Whether there is a connection for descriptors.
    public boolean passesDescriptors() {
        return descriptors != null && descriptors.isActive();
    }

    /// Sends a copy of a descriptor.
    ///
    /// @param sent run when that has been done; not where the connection has ended
    public void sendDescriptor(int descriptor, Runnable sent) {
        Channel channel = descriptors;
        if (channel != null) {
            channel.writeAndFlush(new FileDescriptor(descriptor)).addListener(written -> {
                if (written.isSuccess()) {
                    sent.run();
                }
            });
        }
    }

    public void sendRecall() {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES);
        Frames.empty(frame, FrameType.RECALL, 0, 0);
        write(control, frame);
    }

    /// Asks for the direct requests that are so old, or older.
    public void sendHandOver(long ageNanos) {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES + Long.BYTES);
        Frames.handOver(frame, ageNanos);
        write(control, frame);
    }

    /// Asks what runs.
    ///
    /// @param flags of DUMP
    /// @param ages its payload
    public void sendDump(int flags, byte[] ages) {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES + ages.length);
        Frames.bytes(frame, FrameType.DUMP, flags, 0, ages);
        write(control, frame);
    }

    /// Asks where a request is now: TOLD answers.
    ///
    /// @param id the request's; 0 for one that the worker has taken itself
    /// @param sinceNanos when such a one began; 0 for others
    public void sendStack(int id, int question, long sinceNanos) {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES + Integer.BYTES + Long.BYTES);
        Frames.stack(frame, id, question, sinceNanos);
        write(control, frame);
    }

    /// Answers the call of the `uwsgi` module that has this number.
    public void reply(int id, byte[] payload, boolean wrong) {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES + payload.length);
        Frames.bytes(frame, FrameType.REPLY, wrong ? FrameType.WRONG : 0, id, payload);
        write(calls, frame);
    }

    private static void write(@Nullable Channel channel, ByteBuf frames) {
        if (channel == null || !channel.isActive()) {
            frames.release();
        } else {
            channel.writeAndFlush(frames);
        }
    }

    public void close() {
        for (Channel channel : new Channel[] {data, control, calls, descriptors}) {
            if (channel != null) {
                channel.close();
            }
        }
    }

    // What has been handed over is on two connections: nothing is lost of what has come on the other one.
    private void oneEnded(Channel channel) {
        open--;
        if (open == 0) {
            listener.ended(ENDED);
        } else if (channel == data) {
            loop.side().io().schedule(() -> listener.ended(ENDED), LAST_DESCRIPTORS_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// Reads frames, and says when there will be no more.
    private abstract class Handler extends ChannelInboundHandlerAdapter {
        private final FrameReader reader = new FrameReader(this::frame);

        abstract void frame(int type, int flags, int id, ByteBuf payload);

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            reader.read((ByteBuf) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            reader.close();
            ended();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                // Its process has ended before it had read everything: the connection is reset.
                context.close();
            } else {
                listener.unreadable(cause);
            }
        }

        void ended() {}
    }

    private final class DataHandler extends Handler {
        @Override
        void frame(int type, int flags, int id, ByteBuf payload) {
            listener.dataFrame(type, flags, id, payload);
        }

        @Override
        void ended() {
            if (data != null) {
                oneEnded(data);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            listener.dataComplete();
        }
    }

    private final class DescriptorHandler extends ChannelInboundHandlerAdapter {
        private final Shared shared;

        DescriptorHandler(Shared shared) {
            this.shared = shared;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            boolean possible = context.channel()
                    .config()
                    .setOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS);
            if (!possible) {
                throw new IllegalStateException(context.channel() + " passes no descriptors");
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            shared.received().accept(((FileDescriptor) message).intValue());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            oneEnded(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                context.close();
            } else {
                listener.unreadable(cause);
            }
        }
    }

    private final class ControlHandler extends Handler {
        @Override
        void frame(int type, int flags, int id, ByteBuf payload) {
            listener.controlFrame(type, flags, id, payload);
        }
    }

    private final class CallHandler extends Handler {
        @Override
        void frame(int type, int flags, int id, ByteBuf payload) {
            if (type != FrameType.CALL) {
                throw new FrameException("a frame of type 0x%02x on call".formatted(type));
            }
            listener.call(id, payload);
        }
    }
}
