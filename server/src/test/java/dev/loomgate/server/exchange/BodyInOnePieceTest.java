package dev.loomgate.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `RequestBody.readNBytes`: what the Python path reads short bodies by.
@Timeout(30)
class BodyInOnePieceTest {
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicInteger roomAgain = new AtomicInteger();
    private final RequestBody body = new RequestBody(new RequestBody.Source() {
        @Override
        public void bodyIsWanted() {
            wanted.incrementAndGet();
        }

        @Override
        public void bodyHasRoom() {
            roomAgain.incrementAndGet();
        }
    });

    private boolean append(int from, int to) {
        return body.append(Unpooled.wrappedBuffer(bytes(from, to)), to - from);
    }

    private static byte[] bytes(int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) i;
        }
        return bytes;
    }

    /// Reads on a thread of its own, which waits when this returns.
    private CompletableFuture<byte[]> reading(int most) throws Exception {
        CompletableFuture<byte[]> read = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try {
                read.complete(body.readNBytes(most));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return read;
    }

    // One read of a socket may bring several records; the source stops after them.
    @Test
    void whatComesAfterItWasFullIsNotRoom() throws Exception {
        assertThat(append(0, 70_000)).isFalse();
        assertThat(body.readNBytes(10_000)).isEqualTo(bytes(0, 10_000));
        assertThat(append(70_000, 71_000)).isFalse();
        assertThat(body.hasRoom()).isFalse();
        assertThat(roomAgain).hasValue(0);
        assertThat(body.readNBytes(50_000)).isEqualTo(bytes(10_000, 60_000));
        assertThat(roomAgain).hasValue(1);
        assertThat(append(71_000, 72_000)).isTrue();
    }

    @Test
    void itWaitsUntilAllHasCome() throws Exception {
        CompletableFuture<byte[]> read = reading(64 * 1024);
        for (int at = 0; at < 20_000; at += 1000) {
            assertThat(append(at, at + 1000)).isTrue();
            // Nobody has taken anything of it.
            assertThat(body.available()).isEqualTo(at + 1000);
        }
        assertThat(read).isNotDone();
        body.complete();
        assertThat(read.get()).isEqualTo(bytes(0, 20_000));
        assertThat(wanted).hasValue(1);
        assertThat(body.read()).isEqualTo(-1);
        assertThat(body.readNBytes(10)).isEmpty();
    }

    @Test
    void itEndsWhenThereIsAsMuchAsIsAskedFor() throws Exception {
        CompletableFuture<byte[]> read = reading(1500);
        append(0, 1000);
        append(1000, 2000);
        assertThat(read.get()).isEqualTo(bytes(0, 1500));
        assertThat(body.readNBytes(500)).isEqualTo(bytes(1500, 2000));
        body.complete();
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void aBodyThatFillsTheRoomIsReadAndMakesRoom() throws Exception {
        CompletableFuture<byte[]> read = reading(64 * 1024);
        assertThat(append(0, 40_000)).isTrue();
        assertThat(append(40_000, 80_000)).isFalse();
        assertThat(read.get()).isEqualTo(bytes(0, 64 * 1024));
        assertThat(roomAgain).hasValue(1);
        assertThat(body.hasRoom()).isTrue();
        body.complete();
        assertThat(body.readNBytes(1 << 20)).isEqualTo(bytes(64 * 1024, 80_000));
    }

    // Who asks for more than there is room for has a limit, and mostly gets a body that is short.
    @Test
    void aShortBodyIsReadInOnePieceByWhoAskedForMore() throws Exception {
        CompletableFuture<byte[]> read = reading(1 << 20);
        append(0, 1000);
        append(1000, 2000);
        assertThat(body.available()).isEqualTo(2000);
        body.complete();
        assertThat(read.get()).isEqualTo(bytes(0, 2000));
        assertThat(body.readAllBytes()).isEmpty();
    }

    @Test
    void aLongBodyIsReadInPiecesByWhoAskedForMore() throws Exception {
        CompletableFuture<byte[]> read = reading(200_000);
        for (int at = 0; at < 220_000; at += 1000) {
            while (!body.hasRoom()) {
                Thread.onSpinWait();
            }
            append(at, at + 1000);
        }
        body.complete();
        assertThat(read.get()).isEqualTo(bytes(0, 200_000));
        assertThat(body.readAllBytes()).isEqualTo(bytes(200_000, 220_000));
    }

    @Test
    void moreThanIsLeftOfAFullBodyIsAskedFor() throws Exception {
        assertThat(append(0, 65_536)).isFalse();
        assertThat(body.readNBytes(20_000)).isEqualTo(bytes(0, 20_000));
        assertThat(roomAgain).hasValue(0);
        // Nobody would append anything if it weren't told now.
        CompletableFuture<byte[]> read = reading(60_000);
        assertThat(roomAgain).hasValue(1);
        append(65_536, 80_000);
        assertThat(read.get()).isEqualTo(bytes(20_000, 80_000));
    }

    @Test
    void whatWasAppendedStaysWhatItWas() throws Exception {
        append(0, 1000);
        append(1000, 20_000);
        body.complete();
        byte[] whole = body.readNBytes(64 * 1024);
        assertThat(whole).isEqualTo(bytes(0, 20_000));
        assertThat(body.available()).isZero();
    }

    @Test
    void failuresAndInterruptsAreThrown() throws Exception {
        CompletableFuture<byte[]> read = reading(64 * 1024);
        append(0, 1000);
        body.fail(new IOException("too slow"));
        assertThatThrownBy(read::get).isInstanceOf(ExecutionException.class).hasMessageContaining("too slow");
        RequestBody other = new RequestBody(new RequestBody.Source() {
            @Override
            public void bodyIsWanted() {}

            @Override
            public void bodyHasRoom() {}
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> other.readNBytes(10)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
