package dev.loomgate.python.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes what Python's `marshal.loads` reads: text, bytes, numbers, dictionaries. Used by one thread.
///
/// | value | as |
/// |---|---|
/// | ASCII text up to 255 characters | `z` length u8, the characters; a key as `Z`, which Python interns |
/// | longer ASCII text | `a` length u32, the characters |
/// | other text | `u` length u32, UTF-8 |
/// | bytes | `s` length u32, the bytes |
/// | int, long | `i` i32, or `l` with digits of 15 bits |
/// | none, true, false | `N`, `T`, `F` |
/// | a dictionary | `{` key value ... `0` |
///
/// All little-endian. Python reads older versions of the format for good: "the format is documented in marshal.c".
public final class MarshalWriter {
    private static final int MAX_SHORT = 255;

    private byte[] bytes;
    private int length;

    public MarshalWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /// What has been written so far; the first [#length] bytes of it.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// A copy of what has been written.
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    public MarshalWriter beginDictionary() {
        return put('{');
    }

    public MarshalWriter endDictionary() {
        return put('0');
    }

    /// A key of a dictionary: text that Python keeps one copy of.
    public MarshalWriter key(String key) {
        return text(key, 'Z');
    }

    /// Text.
    public MarshalWriter text(String text) {
        return text(text, 'z');
    }

    // The characters' low bytes are the text while it is ASCII, which nearly all of it is.
    @SuppressWarnings("deprecation")
    private MarshalWriter text(String text, char shortType) {
        int count = text.length();
        makeRoom(5 + count);
        int from = length + (count <= MAX_SHORT ? 2 : 5);
        text.getBytes(0, count, bytes, from);
        if (!isAscii(text, from, count)) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            return put('u').number(encoded.length).raw(encoded);
        }
        if (count <= MAX_SHORT) {
            bytes[length] = (byte) shortType;
            bytes[length + 1] = (byte) count;
        } else {
            put('a').number(count);
        }
        length = from + count;
        return this;
    }

    private boolean isAscii(String text, int from, int count) {
        int all = 0;
        for (int i = from; i < from + count; i++) {
            all |= bytes[i];
        }
        if (all < 0) {
            return false;
        }
        // A character past latin-1 has a low byte too.
        for (int i = 0; i < count; i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    public MarshalWriter bytes(byte[] value) {
        return put('s').number(value.length).raw(value);
    }

    public MarshalWriter none() {
        return put('N');
    }

    public MarshalWriter bool(boolean value) {
        return put(value ? 'T' : 'F');
    }

    public MarshalWriter integer(long value) {
        if ((int) value == value) {
            return put('i').number((int) value);
        }
        int digits = 0;
        put('l');
        int at = length;
        number(0);
        // The magnitude of the least long is its own negative, read as unsigned.
        for (long rest = Math.abs(value); rest != 0; rest >>>= 15) {
            put((char) (rest & 0xff)).put((char) (rest >> 8 & 0x7f));
            digits++;
        }
        int end = length;
        length = at;
        number(value < 0 ? -digits : digits);
        length = end;
        return this;
    }

    private MarshalWriter put(char type) {
        makeRoom(1);
        bytes[length++] = (byte) type;
        return this;
    }

    private MarshalWriter number(int value) {
        makeRoom(4);
        bytes[length] = (byte) value;
        bytes[length + 1] = (byte) (value >> 8);
        bytes[length + 2] = (byte) (value >> 16);
        bytes[length + 3] = (byte) (value >> 24);
        length += 4;
        return this;
    }

    private MarshalWriter raw(byte[] value) {
        makeRoom(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    private void makeRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
