package dev.loomgate.python.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what Python's `marshal.dumps` writes (versions 2 to 5) of these types: None, bool, int of 64 bits, float,
/// str, bytes, tuple, list, dict. They become null, Boolean, Long, Double, String, `byte[]`, List and Map.
public final class MarshalReader {
    private static final int REFERENCE_FLAG = 0x80;
    private static final int MAX_DEPTH = 16;

    private final ByteBuf in;
    private final List<@Nullable Object> references = new ArrayList<>();
    private int depth;

    private MarshalReader(ByteBuf in) {
        this.in = in;
    }

    /// The value that the buffer holds.
    ///
    /// @throws FrameException if it holds anything else
    public static @Nullable Object read(ByteBuf in) {
        try {
            return new MarshalReader(in).value();
        } catch (IndexOutOfBoundsException e) {
            throw new FrameException("a marshal value is cut off");
        }
    }

    private @Nullable Object value() {
        int code = in.readUnsignedByte();
        int place = -1;
        if ((code & REFERENCE_FLAG) != 0) {
            place = references.size();
            references.add(null);
        }
        Object value = value((char) (code & ~REFERENCE_FLAG));
        if (place >= 0) {
            references.set(place, value);
        }
        return value;
    }

    private @Nullable Object value(char type) {
        return switch (type) {
            case 'N' -> null;
            case 'T' -> true;
            case 'F' -> false;
            case 'i' -> (long) in.readIntLE();
            case 'l' -> digits();
            case 'g' -> in.readDoubleLE();
            case 's' -> bytes(in.readIntLE());
            case 'u', 't' ->
                in.readCharSequence(length(in.readIntLE()), StandardCharsets.UTF_8)
                        .toString();
            case 'a', 'A' -> latin(in.readIntLE());
            case 'z', 'Z' -> latin(in.readUnsignedByte());
            case '(', '[' -> list(in.readIntLE());
            case ')' -> list(in.readUnsignedByte());
            case '{' -> dictionary();
            case 'r' -> references.get(in.readIntLE());
            default ->
                throw new FrameException("a marshal value has the type '%c', which isn't expected".formatted(type));
        };
    }

    private int length(int count) {
        if (count < 0 || count > in.readableBytes()) {
            throw new FrameException("a marshal value is cut off");
        }
        return count;
    }

    private String latin(int count) {
        return in.readCharSequence(length(count), StandardCharsets.ISO_8859_1).toString();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[length(count)];
        in.readBytes(bytes);
        return bytes;
    }

    private long digits() {
        int count = in.readIntLE();
        if (Math.abs(count) > 5) {
            throw new FrameException("an integer has more than 64 bits");
        }
        long value = 0;
        for (int i = 0; i < Math.abs(count); i++) {
            long digit = in.readUnsignedShortLE();
            if (i == 4 && digit >= 1 << 3) {
                throw new FrameException("an integer has more than 64 bits");
            }
            value |= digit << (15 * i);
        }
        return count < 0 ? -value : value;
    }

    private List<@Nullable Object> list(int count) {
        nest();
        List<@Nullable Object> list = new ArrayList<>(length(count));
        for (int i = 0; i < count; i++) {
            list.add(value());
        }
        depth--;
        return list;
    }

    private Map<@Nullable Object, @Nullable Object> dictionary() {
        nest();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        while (in.getByte(in.readerIndex()) != '0') {
            Object key = value();
            map.put(key, value());
        }
        in.skipBytes(1);
        depth--;
        return map;
    }

    private void nest() {
        if (++depth > MAX_DEPTH) {
            throw new FrameException("a marshal value is nested deeper than " + MAX_DEPTH);
        }
    }
}
