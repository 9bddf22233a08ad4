package dev.loomgate.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessLogWriterTest {
    private static final byte[] LINE = "GET /\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final CountDownLatch isFree = new CountDownLatch(1);

    // Slow, and with a buffer of its own as loggers have.
    private final OutputStream out = new BufferedOutputStream(file) {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                isFree.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            super.write(bytes, offset, length);
        }
    };

    @Test
    void theLastLinesAreFlushedWhenTheEndIsWaitingBehindThem() throws Exception {
        AccessLogWriter writer = new AccessLogWriter(out);
        writer.add(LINE, 1, List.of());
        writer.add(LINE, 1, List.of());
        Thread closing = Thread.ofPlatform().start(writer::close);
        Eventually.await("it waits for the writer", () -> closing.getState() == Thread.State.TIMED_WAITING);
        isFree.countDown();
        closing.join();

        assertThat(file.toString(StandardCharsets.US_ASCII)).isEqualTo("GET /\nGET /\n");
    }
}
