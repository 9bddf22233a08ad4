package dev.loomgate.cli.loggers;

import dev.loomgate.cli.log.MessageSink;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An output whose lines are messages of their own. Until it is given a sink it keeps what is written.
final class LineOutput extends OutputStream {
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private @Nullable MessageSink sink;

    /// Where lines go, those that have been kept among them.
    synchronized void to(MessageSink messages) {
        sink = messages;
        byte[] kept = rest.toByteArray();
        rest.reset();
        write(kept, 0, kept.length);
    }

    @Override
    public synchronized void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        MessageSink messages = sink;
        int from = offset;
        if (messages != null) {
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    rest.write(bytes, from, i + 1 - from);
                    from = i + 1;
                    messages.message(rest.toString(StandardCharsets.UTF_8));
                    rest.reset();
                }
            }
        }
        rest.write(bytes, from, offset + length - from);
    }

    @Override
    public synchronized void flush() {
        if (sink != null) {
            sink.flush();
        }
    }
}
