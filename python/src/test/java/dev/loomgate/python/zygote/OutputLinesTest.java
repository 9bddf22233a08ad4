package dev.loomgate.python.zygote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
    void bytesThatAreNoTextAreEscapedAsOutputPyDoesIt() throws Exception {
        assertThat(lines(
                        bytes("caf\u00e9 and caf\u00c3\u00a9 \\xe9 \\x5cxe9 \u00f0\u009f\u0092\u0080\u00f0\u009f\n"),
                        1024))
                .containsExactly("caf\\xe9 and café \\x5cxe9 \\x5cx5cxe9 \uD83D\uDC80\\xf0\\x9f");
        assertThat(lines(bytes("plain \\xe9 \\x5c \\n\n"), 1024)).containsExactly("plain \\x5cxe9 \\x5c \\n");
        assertThat(lines(bytes("\u00c3\u00a9\u00a9\u00c3\n"), 1024)).containsExactly("é\\xa9\\xc3");
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
