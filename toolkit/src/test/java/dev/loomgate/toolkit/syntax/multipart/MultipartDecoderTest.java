package dev.loomgate.toolkit.syntax.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultipartDecoderTest {
    private static final int LARGE = 64 * 1024 * 1024;

    // A hundred times what it takes on an idle machine, and a hundredth of what a rescan would take.
    private static final Duration LINEAR = Duration.ofSeconds(20);

    private static final class Counting implements MultipartSink {
        private long bytes;
        private int parts;

        @Override
        public void part(PartHead head) {
            parts++;
        }

        @Override
        public void data(byte[] bytes, int offset, int length) {
            this.bytes += length;
        }

        @Override
        public void partEnd() {}
    }

    /// Data that a search might look at more than once, and how it is cut.
    private static Map<String, byte[]> hostile(String boundary) {
        Map<String, byte[]> hostile = new LinkedHashMap<>();
        for (String pattern : new String[] {
            "\r",
            "\n",
            "\r\n",
            "-",
            "\r\n--",
            "\r\n--" + boundary + "x",
            "\r\n--" + boundary + "-x",
            "\r\n--" + boundary + " ".repeat(300),
            "\r\n--" + boundary.substring(1),
            "\n" + "-".repeat(40),
            boundary,
            "x"
        }) {
            byte[] unit = pattern.getBytes(StandardCharsets.US_ASCII);
            byte[] data = new byte[LARGE / 8 / unit.length * unit.length];
            for (int i = 0; i < data.length; i++) {
                data[i] = unit[i % unit.length];
            }
            hostile.put(pattern, data);
        }
        byte[] lone = new byte[LARGE];
        Arrays.fill(lone, (byte) 'x');
        lone[0] = '\r';
        hostile.put("a lone CR", lone);
        return hostile;
    }

    @Test
    void hostileDataTakesLinearTimeHoweverItIsCut() throws Exception {
        String head = "\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n";
        for (String boundary : new String[] {"b", "-".repeat(70), "----WebKitFormBoundary7MA4YWxkTrZu0gW"}) {
            for (Map.Entry<String, byte[]> data : hostile(boundary).entrySet()) {
                Counting counting = new Counting();
                MultipartDecoder decoder = new MultipartDecoder(boundary, counting);
                byte[] start = ("--" + boundary + head).getBytes(StandardCharsets.US_ASCII);
                byte[] end = ("\r\n--" + boundary + "--").getBytes(StandardCharsets.US_ASCII);
                byte[] bytes = data.getValue();
                int wholesale = bytes.length - bytes.length / 16;
                long before = System.nanoTime();

                decoder.receive(start, 0, start.length);
                for (int at = 0; at < wholesale; at += 65_536) {
                    decoder.receive(bytes, at, Math.min(65_536, wholesale - at));
                }
                for (int at = wholesale; at < bytes.length; at++) {
                    decoder.receive(bytes, at, 1);
                }
                decoder.receive(end, 0, end.length);
                decoder.finish();

                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .as("%s in %s", data.getKey(), boundary)
                        .isLessThan(LINEAR);
                assertThat(counting.parts).isEqualTo(1);
                // Dashes alone are the last boundary where boundaries are of dashes.
                boolean ends = boundary.length() == 70 && data.getKey().chars().allMatch(c -> c == '-');
                assertThat(counting.bytes).isEqualTo(ends ? 0 : bytes.length);
            }
        }
    }
}
