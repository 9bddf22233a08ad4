package dev.loomgate.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.direct.LendableSocket;
import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.testkit.Eventually;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// When a WebSocket's connection is lent, and when it isn't (decision 115). The test's thread is the loop side.
final class LentSocketTest {
    private static final byte[] TEXT = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'};
    private static final byte[] PING = {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0};
    private static final byte[] PONG = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};
    private static final WebSocketOptions OPTIONS = WebSocketOptions.builder()
            .pingInterval(Duration.ofSeconds(30))
            .pongTolerance(Duration.ofSeconds(20))
            .build();

    private final OpenSocket socket =
            new OpenSocket(null, new FrameReader(OPTIONS.maxBytes(), null), null, OPTIONS, () -> {});
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final AtomicBoolean receives = new AtomicBoolean(true);
    private final Thread receiver = Thread.ofPlatform().daemon().start(this::receiveAll);

    private final List<String> told = new ArrayList<>();
    private final LendableSocket.Borrower borrower = new LendableSocket.Borrower() {
        @Override
        public void lent(int descriptor) {
            received.add("lent " + descriptor);
        }

        @Override
        public void refused(boolean forNow) {
            told.add(forNow ? "not now" : "never");
        }

        @Override
        public void wanted() {
            told.add("wanted");
        }
    };

    /// Leaves the loop when the test says so.
    private static final class Fake implements LentConnection {
        private boolean detachable = true;
        private @Nullable IntConsumer leaving;

        @Override
        public boolean isDetachable() {
            return detachable;
        }

        @Override
        public void detach(IntConsumer then) {
            leaving = then;
        }

        void left(int descriptor) {
            IntConsumer its = leaving;
            assertThat(its).isNotNull();
            leaving = null;
            if (its != null) {
                its.accept(descriptor);
            }
        }
    }

    private final Fake connection = new Fake();

    private void receiveAll() {
        try {
            while (true) {
                switch (socket.receive()) {
                    case WebSocket.Text(String content) -> received.add(content);
                    case WebSocket.Binary _ -> received.add("bytes");
                    case WebSocket.Closed _ -> {
                        return;
                    }
                }
                while (!receives.get()) {
                    Thread.sleep(1);
                }
            }
        } catch (InterruptedException e) {
            received.add("interrupted");
        }
    }

    @AfterEach
    void end() throws Exception {
        receives.set(true);
        socket.gone();
        receiver.join();
    }

    private void comes(byte[] bytes) {
        socket.received(Unpooled.wrappedBuffer(bytes));
    }

    private void ask() {
        socket.lend(borrower);
        socket.lendIfAsked(connection);
    }

    /// As soon as the receiver waits for messages.
    private void lend() throws Exception {
        Eventually.await("it begins to be lent", () -> {
            told.clear();
            ask();
            return connection.leaving != null;
        });
        connection.left(7);
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("lent 7");
        assertThat(socket.isLent()).isTrue();
    }

    private void comesBack(boolean quiet) {
        socket.giveBack(new LendableSocket.Back(0, new byte[0], new byte[0], quiet));
        assertThat(socket.takeBack()).isNotNull();
        assertThat(socket.isLent()).isTrue(); // nothing is read or written yet
        socket.attached();
        assertThat(socket.isLent()).isFalse();
    }

    @Test
    void itIsLentAndComesBack() throws Exception {
        for (int i = 0; i < 3; i++) {
            lend();
            comesBack(false);
        }
    }

    @Test
    void whatCanNeverBeLent() {
        connection.detachable = false;
        ask();
        assertThat(told).containsExactly("never");
    }

    @Test
    void notWhileMessagesWait() throws Exception {
        receives.set(false);
        comes(TEXT);
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        ask();
        comes(TEXT);
        ask();
        assertThat(told).containsExactly("not now", "not now");
        receives.set(true);
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        lend();
    }

    @Test
    void notInTheMiddleOfAMessage() throws Exception {
        lend();
        comesBack(false);
        comes(new byte[] {TEXT[0]});
        ask();
        assertThat(told).containsExactly("not now");
    }

    @Test
    void bytesThatComeWhileItIsDetachedStayHere() throws Exception {
        Eventually.await("it begins to be lent", () -> {
            ask();
            return connection.leaving != null;
        });
        told.clear();
        comes(PING);
        connection.left(7);
        assertThat(told).containsExactly("not now");
        assertThat(socket.takeBack()).isNotNull();
        socket.attached();
        assertThat(socket.take()).startsWith(0x8a);
        lend();
    }

    @Test
    void aConnectionThatEndsMeanwhileIsNotLent() throws Exception {
        Eventually.await("it begins to be lent", () -> {
            ask();
            return connection.leaving != null;
        });
        told.clear();
        connection.left(-1);
        assertThat(told).containsExactly("not now");
        assertThat(socket.isLent()).isFalse();
    }

    @Test
    void itComesBackBeforeItHasLeft() throws Exception {
        Eventually.await("it begins to be lent", () -> {
            ask();
            return connection.leaving != null;
        });
        told.clear();
        comesBack(false);
        connection.left(7);
        comes(TEXT);
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("a"); // and not lent
        assertThat(told).isEmpty();
    }

    @Test
    void itIsWantedBackOnceWhereItCloses() throws Exception {
        lend();
        socket.goAway();
        assertThat(socket.isLent()).isTrue();
        assertThat(socket.isLent()).isTrue();
        assertThat(told).containsExactly("wanted");
    }

    @Test
    void oneThatWasQuietIsPingedAtOnceAndNotLentBeforeThePong() throws Exception {
        lend();
        comesBack(true);
        ask();
        assertThat(socket.sweep(1_000_000_000L)).isNull();
        assertThat(socket.take()).containsExactly(0x89, 0);
        ask();
        assertThat(told).containsExactly("not now", "not now");
        comes(PONG);
        assertThat(socket.sweep(2_000_000_000L)).isNull();
        lend();
        comesBack(true);
        assertThat(socket.sweep(3_000_000_000L)).isNull();
        assertThat(socket.sweep(24_000_000_000L)).isEqualTo("webSockets.pongTolerance");
    }

    @Test
    void oneThatWasNotQuietIsNotPinged() throws Exception {
        lend();
        comesBack(false);
        assertThat(socket.sweep(1_000_000_000L)).isNull();
        assertThat(socket.take()).isEmpty();
    }
}
