package dev.loomgate.server.cgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Refusal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Copies variables that came in another layout into a block of uwsgi's, for [VariableBlock] to read. Used by one
/// thread, once.
public final class BlockBuilder {
    /// The most that a block may take, whatever the limits say: its index has 16 bits for a place.
    public static final int MAX_BYTES = 65_535;

    private static final int LENGTHS_BYTES = 4;

    private final Limits limits;
    private final BlockRefusals refusals;
    private byte[] block;
    private int size;

    /// @param expected bytes that the block probably takes
    public BlockBuilder(int expected, Limits limits, BlockRefusals refusals) {
        this.limits = limits;
        this.refusals = refusals;
        this.block = new byte[Math.min(expected, MAX_BYTES) + VariableBlock.PADDING];
    }

    /// The most bytes that variables may take: `maxHeaderBytes`, and the format's ceiling.
    public static int most(Limits limits) {
        return Math.min(limits.maxHeaderBytes(), MAX_BYTES);
    }

    /// Appends a variable; the name and the value are bytes of `from`.
    ///
    /// @return why there is no room for it, or null if there is
    public @Nullable Refusal add(byte[] from, int key, int keyLength, int value, int valueLength) {
        // No int can run over: both lengths are of bytes that are there.
        int end = size + LENGTHS_BYTES + keyLength + valueLength;
        if (end > most(limits)) {
            return refusals.tooLarge(end, limits.maxHeaderBytes());
        }
        if (end + VariableBlock.PADDING > block.length) {
            block = Arrays.copyOf(block, Math.min(2 * end, MAX_BYTES) + VariableBlock.PADDING);
        }
        append(from, key, keyLength);
        append(from, value, valueLength);
        return null;
    }

    private void append(byte[] from, int at, int length) {
        block[size] = (byte) length;
        block[size + 1] = (byte) (length >>> 8);
        System.arraycopy(from, at, block, size + 2, length);
        size += 2 + length;
    }

    /// The block, still to be read.
    public VariableBlock block() {
        return new VariableBlock(block, size, limits, refusals);
    }
}
