package dev.loomgate.toolkit.spooler;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something to do beside requests, as `uwsgi.spool` has it: keys with values, a body, a time and a
/// priority.
///
/// ```java
/// queue.spool(Task.of("to", "ann@example.org").withBody(mail).withPriority(1));
/// ```
/// Its bytes are those of a spooler's file, so what is written in either language can be read in both:
///
/// ```text
///  0    1          3    4
///  ├────┼──────────┼────┼─ size bytes ─────────────────────┼─ up to the end ─┄
///  │ 17 │ size u16 │ 0  │ u16 n, n bytes: keys and values  │ the body
///  └────┴──────────┴────┴──────────────────────────────────┴─────────────────┄   little-endian
/// ```
/// Immutable: each method returns a new one.
public final class Task {
    /// The priority of a task that has none: it goes after all others.
    public static final int LAST = 9;

    private static final int HEADER = 4;
    private static final byte SPOOL_REQUEST = 17;
    private static final int MOST_VARIABLES = 0xffff;
    private static final byte[] NOTHING = {};
    private static final Task EMPTY = new Task(Map.of(), NOTHING, LAST, null, null);

    private final Map<String, byte[]> variables; // never changed
    private final byte[] body; // never changed
    private final int priority;
    private final @Nullable Instant at;
    private final byte @Nullable [] read; // what it was made of; never changed

    private Task(
            Map<String, byte[]> variables, byte[] body, int priority, @Nullable Instant at, byte @Nullable [] read) {
        this.variables = variables;
        this.body = body;
        this.priority = priority;
        this.at = at;
        this.read = read;
    }

    /// A task with one key, to be run at once, after those that have a priority.
    ///
    /// @throws IllegalArgumentException as [#with(String, byte\[\])]
    public static Task of(String key, String value) {
        return EMPTY.with(key, value);
    }

    /// The same with a further key, or another value of one; in UTF-8.
    ///
    /// @throws IllegalArgumentException as [#with(String, byte\[\])]
    public Task with(String key, String value) {
        return with(key, value.getBytes(StandardCharsets.UTF_8));
    }

    /// The same with a further key, or another value of one.
    ///
    /// @throws IllegalArgumentException if keys and values take over 65535 bytes, each with two more for
    /// its length; or the key is `body`, which is apart
    public Task with(String key, byte[] value) {
        if (key.equals("body")) {
            throw new IllegalArgumentException("Task: its body isn't under a key: withBody");
        }
        Map<String, byte[]> more = new LinkedHashMap<>(variables);
        more.put(key, value.clone());
        long bytes = 0;
        for (Map.Entry<String, byte[]> each : more.entrySet()) {
            bytes += 4L + each.getKey().getBytes(StandardCharsets.UTF_8).length + each.getValue().length;
        }
        if (bytes > MOST_VARIABLES) {
            throw new IllegalArgumentException(
                    "Task: its keys and values take %d bytes, over %d: what is large is its body"
                            .formatted(bytes, MOST_VARIABLES));
        }
        return new Task(more, body, priority, at, null);
    }

    /// The same with another body. How large it may be the queue says.
    public Task withBody(byte[] other) {
        return new Task(variables, other.clone(), priority, at, null);
    }

    /// The same with another priority: tasks of a smaller one go first.
    ///
    /// @throws IllegalArgumentException if it is not in 0 to 9
    public Task withPriority(int other) {
        if (other < 0 || other > LAST) {
            throw new IllegalArgumentException("Task: priority is %d, not in 0 to %d".formatted(other, LAST));
        }
        return new Task(variables, body, other, at, read);
    }

    /// The same, not to be run before that time, by the queue's clock.
    public Task withAt(Instant other) {
        return new Task(variables, body, priority, other, read);
    }

    /// A key's value as UTF-8; empty if there is no such key.
    public Optional<String> text(String key) {
        return Optional.ofNullable(variables.get(key)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /// A key's value; empty if there is no such key.
    public Optional<byte[]> bytes(String key) {
        return Optional.ofNullable(variables.get(key)).map(byte[]::clone);
    }

    /// Its keys.
    public Set<String> keys() {
        return Set.copyOf(variables.keySet());
    }

    /// Its body, of no bytes if it has none.
    public byte[] body() {
        return body.clone();
    }

    /// 0 to 9.
    public int priority() {
        return priority;
    }

    /// The time before which it isn't run, if there is one.
    public Optional<Instant> at() {
        return Optional.ofNullable(at);
    }

    /// Its keys, values and body as bytes, without its time and its priority, which the queue keeps:
    /// those that it was read of, to the byte, if its keys, values and body are still the same.
    public byte[] packed() {
        if (read != null) {
            return read.clone();
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        variables.forEach((key, value) -> {
            put(packed, key.getBytes(StandardCharsets.UTF_8));
            put(packed, value);
        });
        byte[] content = packed.toByteArray();
        return ByteBuffer.allocate(HEADER + content.length + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SPOOL_REQUEST)
                .putShort((short) content.length)
                .put((byte) 0)
                .put(content)
                .put(body)
                .array();
    }

    private static void put(ByteArrayOutputStream packed, byte[] bytes) {
        packed.write(bytes.length);
        packed.write(bytes.length >> Byte.SIZE);
        packed.writeBytes(bytes);
    }

    /// Reads what [#packed] has made. The task has the last priority, and no time.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static Task unpack(byte[] packed) {
        ByteBuffer from = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        if (packed.length < HEADER || from.get(0) != SPOOL_REQUEST) {
            throw broken();
        }
        int end = HEADER + Short.toUnsignedInt(from.getShort(1));
        if (end > packed.length) {
            throw broken();
        }
        from.position(HEADER).limit(end);
        Map<String, byte[]> variables = new LinkedHashMap<>();
        while (from.hasRemaining()) {
            String key = new String(next(from), StandardCharsets.UTF_8);
            variables.put(key, next(from));
        }
        byte[] body = new byte[packed.length - end];
        System.arraycopy(packed, end, body, 0, body.length);
        return new Task(variables, body, LAST, null, packed.clone());
    }

    private static byte[] next(ByteBuffer from) {
        if (from.remaining() < Short.BYTES) {
            throw broken();
        }
        int length = Short.toUnsignedInt(from.getShort());
        if (length > from.remaining()) {
            throw broken();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static IllegalArgumentException broken() {
        return new IllegalArgumentException("Task: these bytes are no task");
    }
}
