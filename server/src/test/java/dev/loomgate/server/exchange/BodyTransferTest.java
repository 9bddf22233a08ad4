package dev.loomgate.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `RequestBody.transferTo`: the way of an upload to a file or a digest.
@Timeout(30)
class BodyTransferTest {
    private static final byte[] CONTENT = content();

    private final AtomicInteger roomAgain = new AtomicInteger();
    private final RequestBody body = new RequestBody(new RequestBody.Source() {
        @Override
        public void bodyIsWanted() {}

        @Override
        public void bodyHasRoom() {
            roomAgain.incrementAndGet();
        }
    });

    private static byte[] content() {
        byte[] content = new byte[200_000];
        new Random(1).nextBytes(content);
        return content;
    }

    private boolean append(int from, int to) {
        return body.append(Unpooled.wrappedBuffer(Arrays.copyOfRange(CONTENT, from, to)), to - from);
    }

    /// Appends the next bytes whenever it is given some, while these are on their way.
    private final class Appending extends OutputStream {
        private static final int STEP = 50_000;

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int next = STEP;

        @Override
        public void write(int one) {
            throw new UnsupportedOperationException("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (next < CONTENT.length) {
                append(next, next + STEP);
                next += STEP;
            } else {
                body.complete();
            }
            taken.write(bytes, offset, length);
        }
    }

    @Test
    void whatComesWhileBytesAreTakenDoesNotChangeThem() throws Exception {
        append(0, 50_000);
        Appending target = new Appending();

        assertThat(body.transferTo(target)).isEqualTo(CONTENT.length);
        assertThat(target.taken.toByteArray()).isEqualTo(CONTENT);
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void whatWasReadBeforeIsNotGivenAgain() throws Exception {
        append(0, 1000);
        body.complete();
        assertThat(body.readNBytes(10)).isEqualTo(Arrays.copyOf(CONTENT, 10));
        ByteArrayOutputStream rest = new ByteArrayOutputStream();

        assertThat(body.transferTo(rest)).isEqualTo(990);
        assertThat(rest.toByteArray()).isEqualTo(Arrays.copyOfRange(CONTENT, 10, 1000));
    }

    @Test
    void aFullBodyMakesRoomAsSoonAsItIsTaken() throws Exception {
        assertThat(append(0, 70_000)).isFalse();
        OutputStream target = new OutputStream() {
            @Override
            public void write(int one) {}

            @Override
            public void write(byte[] bytes, int offset, int length) {
                assertThat(roomAgain).hasValue(1);
                body.complete();
            }
        };

        assertThat(body.transferTo(target)).isEqualTo(70_000);
    }

    @Test
    void aFailureIsThrown() {
        append(0, 1000);
        body.fail(new IOException("too slow"));

        assertThatThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
                .hasMessageContaining("too slow");
    }
}
