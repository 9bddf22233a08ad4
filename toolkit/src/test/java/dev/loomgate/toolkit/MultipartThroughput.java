package dev.loomgate.toolkit;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.syntax.multipart.MultipartDecoder;
import dev.loomgate.toolkit.syntax.multipart.MultipartSink;
import dev.loomgate.toolkit.syntax.multipart.PartHead;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
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
            upload(noise);
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

    /// The whole way: read from the environ, parsed, spooled to disk, deleted.
    private static void upload(byte[] chunk) {
        byte[] start = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] end = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "POST");
        environ.put("CONTENT_TYPE", "multipart/form-data; boundary=" + BOUNDARY);
        environ.put("wsgi.input", new SequenceInputStream(new ByteArrayInputStream(start), new Repeated(chunk, end)));
        environ.put("wsgi.input_terminated", true);
        long before = System.nanoTime();
        try (Request request = new Request(environ)) {
            long size = request.files().required("a").size();
            double seconds = (System.nanoTime() - before) / 1e9;
            System.out.printf("%-14s %5.0f MB/s, %d bytes%n", "to disk", TOTAL_BYTES / 1e6 / seconds, size);
        }
    }

    /// A chunk again and again, up to the total, and then the end.
    private static final class Repeated extends InputStream {
        private final byte[] chunk;
        private final ByteArrayInputStream end;
        private long left = TOTAL_BYTES;

        Repeated(byte[] chunk, byte[] end) {
            this.chunk = chunk;
            this.end = new ByteArrayInputStream(end);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left == 0) {
                return end.read(bytes, offset, length);
            }
            int count = (int) Math.min(Math.min(length, chunk.length), left);
            System.arraycopy(chunk, 0, bytes, offset, count);
            left -= count;
            return count;
        }
    }
}
