package dev.loomgate.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.loomgate.python.ChannelLimits;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What servers send each other of a program's channel layer: lines of text, and bytes after them.
record ChannelMessage(List<String> lines, byte[] content) {
    private static final int LIMITS = 4;

    ChannelMessage {
        lines = List.copyOf(lines);
    }

    /// Reads one.
    ///
    /// @param count of its lines
    /// @throws IllegalArgumentException if it has fewer
    static ChannelMessage read(byte[] bytes, int count) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length && lines.size() < count; i++) {
            if (bytes[i] == '\n') {
                lines.add(new String(bytes, from, i - from, UTF_8));
                from = i + 1;
            }
        }
        if (lines.size() < count) {
            throw new IllegalArgumentException("too few lines");
        }
        byte[] content = new byte[bytes.length - from];
        System.arraycopy(bytes, from, content, 0, content.length);
        return new ChannelMessage(lines, content);
    }

    String line(int number) {
        return lines.get(number);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        lines.forEach(line -> bytes.writeBytes((line + "\n").getBytes(UTF_8)));
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    // ---- limits

    static String text(ChannelLimits limits) {
        return "%d %d %d %d"
                .formatted(limits.capacity(), millis(limits.expiryNanos()), limits.maxChannels(), limits.maxBytes());
    }

    /// @throws IllegalArgumentException if they aren't ones
    static ChannelLimits limits(String text) {
        String[] numbers = text.split(" ", -1);
        if (numbers.length != LIMITS) {
            throw new IllegalArgumentException(text);
        }
        return new ChannelLimits(
                Integer.parseInt(numbers[0]),
                Duration.ofMillis(Long.parseLong(numbers[1])).toNanos(),
                Integer.parseInt(numbers[2]),
                Long.parseLong(numbers[3]));
    }

    /// At least one.
    static long millis(long nanos) {
        return Math.max(1, Duration.ofNanos(nanos).toMillis());
    }
}
