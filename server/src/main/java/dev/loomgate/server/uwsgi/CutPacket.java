package dev.loomgate.server.uwsgi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A packet of which the end may be missing. [UwsgiDecoder] has the format.
final class CutPacket {
    private static final int HEADER_BYTES = 4;
    private static final int SIZE_AT = 1;
    private static final int LENGTH_BYTES = 2;

    private CutPacket() {}

    /// A packet of those variables that are there as a whole.
    static byte[] whole(byte[] cut) {
        if (cut.length < HEADER_BYTES) {
            return cut;
        }
        ByteBuffer bytes = ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN);
        int most = Math.min(cut.length, HEADER_BYTES + Short.toUnsignedInt(bytes.getShort(SIZE_AT)));
        int end = HEADER_BYTES;
        for (int next = end; next >= 0; next = variableEnd(bytes, next, most)) {
            end = next;
        }
        byte[] whole = Arrays.copyOf(cut, end);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putShort(SIZE_AT, (short) (end - HEADER_BYTES));
        return whole;
    }

    // -1 where it isn't there as a whole
    private static int variableEnd(ByteBuffer bytes, int at, int most) {
        int value = textEnd(bytes, at, most);
        return value < 0 ? value : textEnd(bytes, value, most);
    }

    private static int textEnd(ByteBuffer bytes, int at, int most) {
        if (at + LENGTH_BYTES > most) {
            return -1;
        }
        int end = at + LENGTH_BYTES + Short.toUnsignedInt(bytes.getShort(at));
        return end > most ? -1 : end;
    }
}
