package dev.loomgate.toolkit.syntax.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A form has the same parts however it is cut, each begun and ended once, with no more bytes than came; and
/// parts that are written as a form are read as they were.
@Tag("once")
final class MultipartFuzzTest implements FuzzTarget {
    private static final String BOUNDARY = "b";

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) throws IOException {
        List<String> whole = events(List.of(input.bytes()));
        assertThat(events(input.pieces())).isEqualTo(whole);
        checkWritten(input);
        return whole.getLast().equals("end");
    }

    private static List<String> events(List<byte[]> pieces) throws IOException {
        Events events = new Events();
        try {
            MultipartDecoder decoder = new MultipartDecoder(BOUNDARY, events);
            int received = 0;
            for (byte[] piece : pieces) {
                decoder.receive(piece, 0, piece.length);
                received += piece.length;
                assertThat(events.bytes).isLessThanOrEqualTo(received);
            }
            decoder.finish();
            assertThat(events.open).isFalse();
            events.seen.add("end");
        } catch (MultipartException e) {
            assertThat(e.getMessage()).matches("[ -~]+\\.");
            events.seen.add("refused " + e.isOverLimit() + " " + e.getMessage());
        }
        return events.seen;
    }

    private static void checkWritten(FuzzInput input) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        List<String> parts = new ArrayList<>();
        List<byte[]> pieces = input.pieces();
        for (int i = 0; i < pieces.size() && i < 5; i++) {
            String content = text(pieces.get(i));
            if (!("\n" + content).matches("(?s).*[\r\n]--b.*")) {
                String head = "--b\r\nContent-Disposition: form-data; name=\"n%d\"\r\n\r\n".formatted(i);
                form.writeBytes((head + content + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                parts.add("part n" + i);
                parts.add("data " + content);
            }
        }
        form.writeBytes("--b--\r\n".getBytes(StandardCharsets.ISO_8859_1));
        parts.add("end");
        assertThat(events(input.pieces(form.toByteArray()))).isEqualTo(parts);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static final class Events implements MultipartSink {
        private final List<String> seen = new ArrayList<>();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private boolean open;
        private int bytes;

        @Override
        public void part(PartHead head) {
            assertThat(open).isFalse();
            open = true;
            boolean plain = head.headers().size() == 1 && head.filename() == null;
            seen.add("part " + (plain ? head.name() : head));
        }

        @Override
        public void data(byte[] some, int offset, int length) {
            assertThat(open).isTrue();
            assertThat(length).isPositive();
            data.write(some, offset, length);
            bytes += length;
        }

        @Override
        public void partEnd() {
            assertThat(open).isTrue();
            open = false;
            seen.add("data " + text(data.toByteArray()));
            data.reset();
        }
    }
}
