package dev.loomgate.bench.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;

/// A client that sends its body one byte at a time. The server must answer the body's length and CRC-32, as
/// `100 cbf43926`.
public record SlowUpload(Address address, String path, int bytes, Duration takes) {
    /// Sends the body; returns nothing if the answer was right, else what was wrong.
    public String run() throws InterruptedException {
        byte[] body = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(body);
        CRC32 crc = new CRC32();
        crc.update(body);
        String expected = bytes + " " + Long.toHexString(crc.getValue());
        try (Connection connection = address.connect()) {
            connection.beginPost(path, bytes);
            send(body, connection.output());
            Answer answer = connection.answer();
            return answer.status() == 200 && answer.body().equals(expected)
                    ? ""
                    : "%d \"%s\" instead of \"%s\"".formatted(answer.status(), answer.body(), expected);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void send(byte[] body, OutputStream out) throws IOException, InterruptedException {
        Duration interval = takes.dividedBy(body.length);
        // Not all in the same instant: five hundred clients are no chorus.
        Thread.sleep(
                interval.multipliedBy(ThreadLocalRandom.current().nextInt(100)).dividedBy(100));
        for (byte one : body) {
            out.write(one);
            Thread.sleep(interval);
        }
    }
}
