package dev.loomgate.toolkit;

import dev.loomgate.toolkit.sansio.MultipartDecoder;
import dev.loomgate.toolkit.sansio.MultipartSink;
import dev.loomgate.toolkit.sansio.PartHead;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// How fast an upload of 1 GB is parsed on one core, and what memory that takes: run its `main`. Takes some
/// seconds.
final class MultipartThroughput {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final long TOTAL_BYTES = 1L << 30;
    private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

    private MultipartThroughput() {}

    private static final class Counting implements MultipartSink {
        private long bytes;

        @Override
        public void part(PartHead head) {}

        @Override
        public void data(byte[] bytes, int offset, int length) {
            this.bytes += length;
        }

        @Override
        public void partEnd() {}
    }

    public static void main(String[] args) throws Exception {
        byte[] noise = new byte[CHUNK_BYTES];
        new Random(1).nextBytes(noise);
        byte[] lines = new byte[CHUNK_BYTES];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = (byte) (i % 80 == 79 ? '\n' : 'a' + i % 26);
        }
        for (int round = 0; round < 3; round++) {
            run("random bytes", noise);
            run("lines of text", lines);
            run("line breaks", "\r\n".repeat(CHUNK_BYTES / 2).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void run(String name, byte[] chunk) throws Exception {
        Counting counting = new Counting();
        MultipartDecoder decoder = new MultipartDecoder(BOUNDARY, counting);
        byte[] start = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] end = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        long before = System.nanoTime();
        decoder.receive(start, 0, start.length);
        for (long sent = 0; sent < TOTAL_BYTES; sent += chunk.length) {
            decoder.receive(chunk, 0, chunk.length);
        }
        decoder.receive(end, 0, end.length);
        decoder.finish();
        double seconds = (System.nanoTime() - before) / 1e9;
        System.out.printf("%-14s %5.0f MB/s, %d bytes%n", name, TOTAL_BYTES / 1e6 / seconds, counting.bytes);
    }
}
