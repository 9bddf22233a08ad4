package dev.loomgate.python.zygote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutputLinesTest {
    private static List<String> lines(byte[] bytes, int mostBytes) throws Exception {
        List<String> lines = new ArrayList<>();
        new OutputLines(new ByteArrayInputStream(bytes), () -> false, mostBytes, lines::add).read();
        return lines;
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void linesAreWholeAndTheLastOneNeedsNoEnd() throws Exception {
        assertThat(lines(bytes("one\r\n\ntwo\nthree"), 1024)).containsExactly("one", "", "two", "three");
        String line = "x".repeat(200_000);
        assertThat(lines(bytes(line + "\n"), 1 << 20)).containsExactly(line);
    }

    @Test
    void aLineOverTheLimitIsCutBetweenCharacters() throws Exception {
        byte[] text = ("é".repeat(1500) + "\n").getBytes(StandardCharsets.UTF_8);
        assertThat(String.join("", lines(text, 1023))).isEqualTo("é".repeat(1500));
        assertThat(lines(text, 1023)).hasSize(3);
    }

    @Test
    void aLineIsCutInTheSamePlacesWhereverReadsEnd() throws Exception {
        byte[] text =
                "12345678\n123456789é123456éé1\n1234567é\n\n12345678901234567890".getBytes(StandardCharsets.UTF_8);
        for (int most = 1; most <= text.length; most++) {
            int length = most;
            List<String> lines = new ArrayList<>();
            InputStream in = new ByteArrayInputStream(text) {
                @Override
                public synchronized int read(byte[] bytes, int offset, int count) {
                    return super.read(bytes, offset, Math.min(length, count));
                }
            };
            new OutputLines(in, () -> false, 8, lines::add).read();
            assertThat(lines)
                    .containsExactly(
                            "12345678", "12345678", "9é12345", "6éé1", "1234567é", "", "12345678", "90123456", "7890");
        }
    }

    @Test
    void bytesThatAreNoTextAreEscaped() throws Exception {
        assertThat(lines(
                        bytes("caf\u00e9 and caf\u00c3\u00a9 \\xe9 \\x5cxe9 \u00f0\u009f\u0092\u0080\u00f0\u009f\n"),
                        1024))
                .containsExactly("caf\\xe9 and café \\x5cxe9 \\x5cx5cxe9 \uD83D\uDC80\\xf0\\x9f");
        assertThat(lines(bytes("plain \\xe9 \\x5c \\n\n"), 1024)).containsExactly("plain \\x5cxe9 \\x5c \\n");
        assertThat(lines(bytes("\u00c3\u00a9\u00a9\u00c3\n"), 1024)).containsExactly("é\\xa9\\xc3");
    }

    @Test
    void whatWasWrittenCanBeGotBack() throws Exception {
        String written =
                "caf\u00e9 \\xe9 \\x5cxe9 \u00c3\u00a9 \u00ef\u00bf\u00bd \u00ef\u00bf \u00f0\u009f \\x5c \\n \u00ff";
        StringBuilder got = new StringBuilder();
        Matcher parts = Pattern.compile("\\\\x(5c(?=(?:x5c)*x[89a-f][0-9a-f])|[89a-f][0-9a-f])|.")
                .matcher(lines(bytes(written), 1024).getFirst());
        while (parts.find()) {
            got.append(
                    parts.group(1) == null
                            ? new String(parts.group().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                            : String.valueOf((char) Integer.parseInt(parts.group(1), 16)));
        }
        assertThat(got.toString()).isEqualTo(written);
    }

    @Test
    void aLineIsTheSameWhereverReadsEnd() throws Exception {
        byte[] text = "one\r\n\ntwö\n\nthree\r\r\nfour".getBytes(StandardCharsets.UTF_8);
        for (int most = 1; most <= text.length; most++) {
            int length = most;
            List<String> lines = new ArrayList<>();
            InputStream in = new ByteArrayInputStream(text) {
                @Override
                public synchronized int read(byte[] bytes, int offset, int count) {
                    return super.read(bytes, offset, Math.min(count, length));
                }
            };
            new OutputLines(in, () -> false, 1024, lines::add).read();
            assertThat(lines).containsExactly("one", "", "twö", "", "three", "four");
        }
    }

    @Test
    void linesAreLeftToGatherWhileTheWriterLives() throws Exception {
        AtomicBoolean alive = new AtomicBoolean(true);
        List<Long> reads = new ArrayList<>();
        InputStream in = new InputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                reads.add(System.nanoTime());
                if (reads.size() > 4) {
                    alive.set(false);
                    return -1;
                }
                // The second read is full: more must be there.
                int length = reads.size() == 2 ? count : 1;
                Arrays.fill(bytes, offset, offset + length, (byte) '\n');
                return length;
            }
        };
        new OutputLines(in, alive::get, 1024, line -> {}).read();
        assertThat(reads.get(1) - reads.get(0)).isGreaterThanOrEqualTo(5_000_000);
        assertThat(reads.get(3) - reads.get(2)).isGreaterThanOrEqualTo(5_000_000);
        assertThat(reads.get(4) - reads.get(3)).isGreaterThanOrEqualTo(5_000_000);
    }

    @Test
    void whatHasNoLineFeedIsALineAfterAQuietTime() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (PipedOutputStream out = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(out)) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    new OutputLines(in, () -> true, 1024, lines::add).read();
                } catch (Exception e) {
                    lines.add(e.toString());
                }
            });
            out.write(bytes("progress"));
            out.flush();
            assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("progress");
            out.write(bytes("done\n"));
            out.flush();
            assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("done");
        }
    }
}
