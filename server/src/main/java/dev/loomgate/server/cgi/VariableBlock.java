package dev.loomgate.server.cgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Refusal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a packet's block of variables once, front to back: finds where each variable is, and refuses what no
/// request may have. Decodes no text but the method.
///
/// Keys and values are looked at eight bytes at a time, which is why the block ends with [#PADDING] bytes of no
/// meaning. What is rare (a control character, a name seen before) is found by a cheap test that may err on the
/// safe side, and only then looked at closely.
public final class VariableBlock {
    /// Bytes that a block must have past its end, of any value.
    public static final int PADDING = 8;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int MANY = 32;

    private final byte[] block;
    private final int size;
    private final Limits limits;
    private final BlockRefusals refusals;

    private int[] index = new int[MANY];
    private int count;
    private long seen;
    private boolean repeated;
    private @Nullable String method;
    private long contentLength = CgiRequest.NO_LENGTH;

    /// A block that is still to be read.
    ///
    /// @param block the variables in its first `size` bytes, then [#PADDING]; it is kept, and nobody changes it
    public VariableBlock(byte[] block, int size, Limits limits, BlockRefusals refusals) {
        this.block = block;
        this.size = size;
        this.limits = limits;
        this.refusals = refusals;
    }

    /// Reads it, once.
    ///
    /// @return why it is no request's, or null if it is
    public @Nullable Refusal read() {
        int at = 0;
        while (at < size) {
            int key = at + 2;
            int keyLength = key <= size ? PacketText.u16(block, at) : 0;
            int value = key + keyLength + 2;
            if (keyLength == 0 || value > size) {
                return refusals.key(block, size, at, count);
            }
            if (hasNonGraphic(key, keyLength)) {
                return refusals.keyNotAscii(block, key, keyLength, count);
            }
            int valueLength = PacketText.u16(block, value - 2);
            if (value + valueLength > size) {
                return refusals.value(block, key, keyLength, valueLength, size - value);
            }
            if (count == limits.maxHeaderCount()) {
                return refusals.tooMany(block, key, keyLength, count);
            }
            Refusal refusal = add(at, keyLength, valueLength);
            if (refusal != null) {
                return refusal;
            }
            at = value + valueLength;
        }
        return null;
    }

    /// Where each variable is.
    VariableIndex index() {
        return new VariableIndex(block, index, count, repeated);
    }

    /// `REQUEST_METHOD`, or null if it isn't there.
    @Nullable
    String method() {
        return method;
    }

    /// `CONTENT_LENGTH`, or [CgiRequest#NO_LENGTH].
    long contentLength() {
        return contentLength;
    }

    private @Nullable Refusal add(int at, int keyLength, int valueLength) {
        int key = at + 2;
        int value = key + keyLength + 2;
        if (mayHaveControl(value, valueLength)) {
            Refusal refusal = ControlCharacters.check(block, key, keyLength, value, valueLength, refusals);
            if (refusal != null) {
                return refusal;
            }
        }
        int tag = VariableIndex.tag(block, key, keyLength);
        long bit = 1L << ((tag * 0x9E3779B1) >>> 26);
        if ((seen & bit) != 0 && isRepeated(tag, key, keyLength)) {
            repeated = true;
            if (SingleVariables.isRefused(block, key, keyLength)) {
                return refusals.repeated(block, key, keyLength);
            }
        }
        seen |= bit;
        if (count == index.length) {
            index = Arrays.copyOf(index, 2 * count);
        }
        index[count++] = VariableIndex.entry(at, tag);
        // The two variables that say what a request is have names of 14 bytes, as hardly any other has.
        return keyLength == 14 ? readSpecial(key, value, valueLength) : null;
    }

    private @Nullable Refusal readSpecial(int key, int value, int valueLength) {
        if (PacketText.equal("REQUEST_METHOD", block, key)) {
            method = Methods.read(block, value, valueLength);
            return method == null ? refusals.method(block, value, valueLength) : null;
        }
        if (PacketText.equal("CONTENT_LENGTH", block, key) && valueLength > 0) {
            contentLength = PacketText.digits(block, value, valueLength);
            if (contentLength < 0) {
                return refusals.contentLength(block, value, valueLength);
            }
            if (limits.maxBodyBytes() > 0 && contentLength > limits.maxBodyBytes()) {
                return refusals.bodyTooLarge(contentLength, limits.maxBodyBytes());
            }
        }
        return null;
    }

    private boolean isRepeated(int tag, int key, int keyLength) {
        for (int i = 0; i < count; i++) {
            if (VariableIndex.hasTag(index[i], tag)) {
                int at = VariableIndex.at(index[i]);
                if (PacketText.u16(block, at) == keyLength
                        && Arrays.equals(block, at + 2, at + 2 + keyLength, block, key, key + keyLength)) {
                    return true;
                }
            }
        }
        return false;
    }

    // Graphic characters are 0x21 to 0x7e. Exact: a borrow or a carry starts only at a byte that is one itself.
    private boolean hasNonGraphic(int at, int length) {
        long found = 0;
        int last = at + length - 8;
        for (int i = at; i <= last; i += 8) {
            found |= nonGraphic((long) WORD.get(block, i));
        }
        int rest = length & 7;
        if (rest != 0) {
            found |= nonGraphic((long) WORD.get(block, at + length - rest)) & (-1L >>> (64 - 8 * rest));
        }
        return (found & HIGH_BITS) != 0;
    }

    private static long nonGraphic(long word) {
        return ((word - 0x21 * ONES) & ~word) | (word + ONES) | word;
    }

    // Controls are 0x00 to 0x1f and 0x7f; says yes to a tab, too.
    private boolean mayHaveControl(int at, int length) {
        long found = 0;
        int last = at + length - 8;
        for (int i = at; i <= last; i += 8) {
            found |= control((long) WORD.get(block, i));
        }
        int rest = length & 7;
        if (rest != 0) {
            found |= control((long) WORD.get(block, at + length - rest)) & (-1L >>> (64 - 8 * rest));
        }
        return (found & HIGH_BITS) != 0;
    }

    private static long control(long word) {
        long delete = word ^ (0x7f * ONES);
        return ((word - 0x20 * ONES) & ~word) | ((delete - ONES) & ~delete);
    }
}
