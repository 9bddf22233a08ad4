package dev.loomgate.server.fastcgi;

/// Reads name-value pairs, front to back.
///
/// ```
///  +-------------+--------------+------+-------+
///  | name length | value length | name | value |     a length: one byte up to 127,
///  +-------------+--------------+------+-------+     or four with the highest bit set
/// ```
/// Source: the FastCGI Specification 1.0, section 3.4.
final class NameValues {
    private final byte[] bytes;
    private final int size;
    private int at;
    private int name;
    private int nameLength;
    private int valueLength;

    /// @param bytes the pairs, in the first `size` bytes
    NameValues(byte[] bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    /// Whether there are more.
    boolean hasNext() {
        return at < size;
    }

    /// Goes to the next one.
    ///
    /// @return false if it doesn't fit in the bytes
    boolean next() {
        nameLength = length();
        valueLength = nameLength < 0 ? -1 : length();
        if (valueLength < 0 || (long) nameLength + valueLength > size - at) {
            return false;
        }
        name = at;
        at += nameLength + valueLength;
        return true;
    }

    private int length() {
        if (at >= size) {
            return -1;
        }
        int first = bytes[at];
        if (first >= 0) {
            at++;
            return first;
        }
        if (size - at < 4) {
            return -1;
        }
        int length = (first & 0x7f) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
        at += 4;
        return length;
    }

    int name() {
        return name;
    }

    int nameLength() {
        return nameLength;
    }

    int value() {
        return name + nameLength;
    }

    int valueLength() {
        return valueLength;
    }
}
