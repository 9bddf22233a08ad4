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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The three connections of a worker: `data`, `control` and `call`. Loop side only.
public final class Connections {
    private static final int FIRST_BYTES = 8 * 1024;

    private final Loop loop;
    private final SocketAddress address;
    private final FrameListener listener;
    private @Nullable Channel data;
    private @Nullable Channel control;
    private @Nullable Channel calls;

    /// @param socket on which the worker listens
    public Connections(Loop loop, Path socket, FrameListener listener) {
        this.loop = loop;
        this.address = NettyTransport.unixAddress(loop.side().transport(), socket);
        this.listener = listener;
    }

    /// Connects. The worker says on `control` when it is ready.
    public void connect() {
        data = open("data", new DataHandler());
        control = open("control", new ControlHandler());
        calls = open("call", new CallHandler());
    }

    private Channel open(String kind, Handler handler) {
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
                    channel.writeAndFlush(hello);
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

    public void sendRecall() {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES);
        Frames.empty(frame, FrameType.RECALL, 0, 0);
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
        for (Channel channel : new Channel[] {data, control, calls}) {
            if (channel != null) {
                channel.close();
            }
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
            listener.ended("it has closed its connection");
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            listener.dataComplete();
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
