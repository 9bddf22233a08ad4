package dev.loomgate.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.call.Calls;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.http.HttpConnectionFactory;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.listen.SocketListener;
import dev.loomgate.server.observe.RequestObserver;
import dev.loomgate.server.observe.RequestOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What may stand at a request's two ends, and before a connection: a loop put together by hand, as `Server` does it.
class SeamsTest {
    private static final int WAIT_SECONDS = 20;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final CountDownLatch called = new CountDownLatch(1);
    private final LoopGroup group = LoopGroup.builder().loops(1).start();

    @AfterEach
    void close() {
        group.close();
    }

    /// Writes down what it is told.
    private final class Recorder implements RequestObserver {
        @Override
        public void begun(ObservedRequest exchange) {
            told.add("begun " + exchange);
        }

        @Override
        public void finished(ObservedRequest exchange, RequestOutcome outcome) {
            assertThat(outcome.nanos()).isPositive();
            told.add("finished " + exchange + " " + outcome.status() + " " + outcome.bytesSent());
        }

        @Override
        public void flush() {}
    }

    private ServerLoop loop(Application application) {
        ServerLoop made = new ServerLoop(
                group.next(),
                new Calls(application, false, false, Spool.defaults()),
                ServerOptions.defaults(),
                List.of(new Recorder()),
                () -> {});
        made.start();
        return made;
    }

    private Listener listener(ConnectionFactory factory) throws IOException {
        SocketListener made = SocketListener.bind(
                ListenAddress.http("127.0.0.1:0"), group.next(), group.transport(), ServerOptions.defaults());
        made.serve(List.of(factory));
        made.accept();
        return made;
    }

    private static Socket connect(Listener listener) throws IOException {
        ListenAddress.Place.Tcp place =
                (ListenAddress.Place.Tcp) listener.address().place();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), place.port());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String receiveAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private String nextTold() throws InterruptedException {
        return String.valueOf(told.poll(WAIT_SECONDS, TimeUnit.SECONDS));
    }

    private static final Application HELLO = (environ, startResponse) -> {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("hello");
    };

    @Test
    void anObserverIsToldOfBothEndsOfEachRequest() throws Exception {
        Listener listener =
                listener(HttpConnectionFactory.onEach(List.of(loop(HELLO))).getFirst());
        try (Socket socket = connect(listener)) {
            send(socket, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(receiveAll(socket)).contains("hello");
        }
        listener.close();
        assertThat(nextTold()).isEqualTo("begun GET /1");
        assertThat(nextTold()).isEqualTo("finished GET /1 200 5");
        assertThat(nextTold()).isEqualTo("begun HEAD /2");
        assertThat(nextTold()).isEqualTo("finished HEAD /2 200 0");
    }

    @Test
    void anObserverIsToldThatTheClientDisconnected() throws Exception {
        ServerLoop loop = loop((environ, startResponse) -> {
            called.countDown();
            environ.input().readAllBytes();
            throw new AssertionError("the client disconnects before the body's end");
        });
        Listener listener = listener(HttpConnectionFactory.onEach(List.of(loop)).getFirst());
        try (Socket socket = connect(listener)) {
            send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
            assertThat(called.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        listener.close();
        assertThat(nextTold()).isEqualTo("begun POST /");
        assertThat(nextTold()).isEqualTo("finished POST / 499 0");
    }

    /// Takes a line before the protocol's bytes begin, as the PROXY protocol has one.
    private static final class FirstLine extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            while (in.isReadable() && line.indexOf("\n") < 0) {
                line.append((char) in.readByte());
            }
            if (line.indexOf("\n") >= 0) {
                ctx.pipeline().remove(this);
            }
            ctx.fireChannelRead(in);
        }
    }

    @Test
    void aFactoryPutsWhatBytesPassThroughBeforeTheConnection() throws Exception {
        ConnectionFactory http =
                HttpConnectionFactory.onEach(List.of(loop(HELLO))).getFirst();
        Listener listener = listener(new ConnectionFactory() {
            @Override
            public ServerLoop serverLoop() {
                return http.serverLoop();
            }

            @Override
            public void open(Channel channel) {
                channel.pipeline().addLast(new FirstLine());
                http.open(channel);
            }
        });
        try (Socket socket = connect(listener)) {
            send(socket, "a line of its own\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(receiveAll(socket)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello");
        }
        listener.close();
    }
}
