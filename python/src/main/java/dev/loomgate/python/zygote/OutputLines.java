package dev.loomgate.python.zygote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The lines of what a zygote or a worker writes. Many are read at once: after a read, what is there is left to
/// grow for some milliseconds, since to wake up for each line would cost more than it took to write it.
///
/// A line is whole up to a limit, past which it is cut. What has no line feed is taken for a line when nothing has
/// followed for half a second. A byte that isn't UTF-8 is escaped, `\xff`, and so that it can be told from the same
/// four characters in a line, a backslash before such is `\x5c`.
final class OutputLines {
    private static final long QUIET_MILLIS = 500;
    private static final long LOOK_MILLIS = 20;
    private static final long GATHER_MILLIS = 5;
    /// The JDK reads so many without a buffer of its own.
    private static final int READ_BYTES = 8 * 1024;
    private static final char REPLACEMENT = '\uFFFD';
    private static final Pattern LOOKALIKE = Pattern.compile("\\\\(?=(?:x5c)*x[89a-f][0-9a-f])");

    private final InputStream in;
    private final BooleanSupplier alive;
    private final int mostBytes;
    private final Consumer<String> action;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /// @param alive whether who writes still does: what comes may be waited for
    /// @param mostBytes of a line
    OutputLines(InputStream in, BooleanSupplier alive, int mostBytes, Consumer<String> action) {
        this.in = in;
        this.alive = alive;
        this.mostBytes = mostBytes;
        this.action = action;
    }

    /// Reads until the end. Blocks.
    void read() throws IOException, InterruptedException {
        byte[] buffer = new byte[READ_BYTES];
        while (true) {
            if (rest.size() > 0 && isQuiet()) {
                end();
            }
            int count = in.read(buffer);
            if (count < 0) {
                break;
            }
            take(buffer, count);
            if (count < buffer.length && alive.getAsBoolean()) {
                Thread.sleep(GATHER_MILLIS);
            }
        }
        if (rest.size() > 0) {
            end();
        }
    }

    private boolean isQuiet() throws IOException, InterruptedException {
        for (long waited = 0; waited < QUIET_MILLIS && alive.getAsBoolean(); waited += LOOK_MILLIS) {
            if (in.available() > 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return in.available() == 0;
    }

    private void take(byte[] bytes, int count) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                end(bytes, cut(bytes, start, i), i);
                start = i + 1;
            }
        }
        start = cut(bytes, start, count);
        rest.write(bytes, start, count - start);
    }

    /// Passes on what is over the limit.
    ///
    /// @return where the last piece begins, which isn't
    private int cut(byte[] bytes, int start, int end) {
        int from = start;
        for (int at = from + mostBytes - rest.size(); at < end; at++) {
            // Not inside a character, the bytes of which would be escaped.
            if (at >= from && (bytes[at] & 0xC0) != 0x80) {
                end(bytes, from, at);
                from = at;
                at += mostBytes - 1;
            }
        }
        return from;
    }

    private void end(byte[] bytes, int start, int end) {
        if (rest.size() == 0) {
            tell(bytes, start, end);
        } else {
            rest.write(bytes, start, end - start);
            end();
        }
    }

    private void end() {
        byte[] line = rest.toByteArray();
        rest.reset();
        tell(line, 0, line.length);
    }

    private void tell(byte[] bytes, int start, int end) {
        int last = end;
        while (last > start && bytes[last - 1] == '\r') {
            last--;
        }
        action.accept(escaped(bytes, start, last));
    }

    private static String escaped(byte[] line, int start, int last) {
        String text = new String(line, start, last - start, StandardCharsets.UTF_8);
        // It stands for what is no UTF-8, or for itself.
        if (text.indexOf(REPLACEMENT) < 0 || decoded(line, start, last) != null) {
            return unmistakable(text);
        }
        StringBuilder escaped = new StringBuilder();
        int validFrom = start;
        int at = start;
        while (at < last) {
            int end = at + characterBytes(line[at]);
            if (end <= last && end > at && decoded(line, at, end) != null) {
                at = end;
                continue;
            }
            escaped.append(unmistakable(String.valueOf(decoded(line, validFrom, at))))
                    .append("\\x%02x".formatted(line[at] & 0xFF));
            at++;
            validFrom = at;
        }
        return escaped.append(unmistakable(String.valueOf(decoded(line, validFrom, last))))
                .toString();
    }

    private static String unmistakable(String text) {
        return text.contains("\\x") ? LOOKALIKE.matcher(text).replaceAll("\\\\x5c") : text;
    }

    /// How long a character is that begins with this byte; 0 if none does.
    private static int characterBytes(byte first) {
        if (first >= 0) {
            return 1;
        }
        int ones = Integer.numberOfLeadingZeros(~first << 24);
        return ones == 1 || ones > 4 ? 0 : ones;
    }

    private static @Nullable String decoded(byte[] bytes, int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
