package dev.loomgate.testkit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// An input of a [FuzzTarget].
///
/// ```
///  byte  0          1         2 ...
///       +----------+---------+--------------------------+
///       | cut      | option  | what the parser is given |
///       +----------+---------+--------------------------+
/// ```
/// `cut` says how the bytes come in pieces, `option` what the target varies beside them. Both are 0 where they are
/// missing.
public final class FuzzInput {
    private static final int HEAD_BYTES = 2;

    private final byte[] input;

    /// @param input with its two first bytes; nobody changes it
    public FuzzInput(byte[] input) {
        this.input = input;
    }

    /// Whether this bit of the second byte is set, 0 to 7.
    public boolean option(int bit) {
        return input.length > 1 && ((input[1] >> bit) & 1) != 0;
    }

    /// What the parser is given: a copy.
    public byte[] bytes() {
        return input.length <= HEAD_BYTES ? new byte[0] : Arrays.copyOfRange(input, HEAD_BYTES, input.length);
    }

    /// The same as text, a character for each byte.
    public String text() {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    /// The bytes in pieces that aren't empty: one by one if the first byte is 0, else of lengths that follow from it.
    public List<byte[]> pieces() {
        return pieces(bytes());
    }

    /// Other bytes in pieces, by the same rule.
    public List<byte[]> pieces(byte[] bytes) {
        int cut = input.length == 0 ? 0 : input[0] & 0xff;
        Random lengths = new Random(cut);
        int most = cut == 0 ? 1 : 1 << (1 + cut % 8);
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(1 + lengths.nextInt(most), bytes.length - at);
            pieces.add(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
        return pieces;
    }
}
