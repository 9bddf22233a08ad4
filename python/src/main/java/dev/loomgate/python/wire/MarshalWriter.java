package dev.loomgate.python.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes what Python's `marshal.loads` reads. Used by one thread.
///
/// | value | as |
/// |---|---|
/// | ASCII text up to 255 characters | `z` length u8, the characters |
/// | longer ASCII text | `a` length u32, the characters |
/// | other text | `u` length u32, UTF-8 |
/// | bytes | `s` length u32, the bytes |
/// | int, long | `i` i32, or `l` with digits of 15 bits |
/// | none, true, false | `N`, `T`, `F` |
/// | a dictionary | `{` key value ... `0` |
/// | a tuple | `(` count u32, the values |
/// | a list | `[` count u32, the values |
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

    /// A tuple, whose values follow.
    public MarshalWriter beginTuple(int count) {
        return put('(').number(count);
    }

    /// A list, whose values follow.
    public MarshalWriter beginList(int count) {
        return put('[').number(count);
    }

    /// A list of what another writer has written.
    public MarshalWriter list(int count, MarshalWriter values) {
        return beginList(count).raw(values.bytes, 0, values.length);
    }

    /// Text. It is never interned (`Z`), not as a key either: clients choose names, and Python 3.12 and later keep what
    /// is interned until the process ends.
    public MarshalWriter text(String text) {
        // As many bytes as characters: it is ASCII. (Both, this and the copy, are one instruction for many characters.)
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length != text.length()) {
            return put('u').number(encoded.length).raw(encoded, 0, encoded.length);
        }
        return ascii(encoded, 0, encoded.length);
    }

    /// Text that is ASCII, given as bytes.
    public MarshalWriter ascii(byte[] source, int from, int count) {
        if (count <= MAX_SHORT) {
            makeRoom(2 + count);
            bytes[length] = 'z';
            bytes[length + 1] = (byte) count;
            length += 2;
        } else {
            put('a').number(count);
        }
        return raw(source, from, count);
    }

    /// Text given as bytes of latin-1.
    public MarshalWriter latin1(byte[] source, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (source[i] < 0) {
                return text(new String(source, from, count, StandardCharsets.ISO_8859_1));
            }
        }
        return ascii(source, from, count);
    }

    public MarshalWriter bytes(byte[] value) {
        return bytes(value, 0, value.length);
    }

    public MarshalWriter bytes(byte[] source, int from, int count) {
        return put('s').number(count).raw(source, from, count);
    }

    /// Bytes, of ASCII letters the small ones.
    public MarshalWriter lowerCase(byte[] source, int from, int count) {
        bytes(source, from, count);
        for (int i = length - count; i < length; i++) {
            if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
                bytes[i] = (byte) (bytes[i] + 'a' - 'A');
            }
        }
        return this;
    }

    /// Bytes, or none for null.
    public MarshalWriter bytesOrNone(byte @Nullable [] value) {
        return value == null ? none() : bytes(value);
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

    private MarshalWriter raw(byte[] source, int from, int count) {
        makeRoom(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    private void makeRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
