package dev.loomgate.toolkit.syntax.multipart;

import java.util.Arrays;

/// Looks for a line break, CR or LF, that a boundary follows: Horspool's search, which looks at one byte in a
/// boundary's length, with a bound for its worst case.
///
/// ```
/// text     ... k l m \n - - b o u n d a r y - - ...
/// pattern            LB - - b o u n d a r y
/// ```
///
/// The pattern's first byte is nowhere else in it. So where a comparison from the left fails after j bytes, none
/// of the places between can begin a match, and the search goes on j bytes farther: each byte is compared at most
/// twice, whatever text and boundary are.
final class DelimiterSearch {
    private final byte[] pattern;
    private final int[] skip = new int[256];

    /// @param boundary without CR and LF
    DelimiterSearch(byte[] boundary) {
        pattern = new byte[boundary.length + 3];
        pattern[0] = '\n';
        pattern[1] = '-';
        pattern[2] = '-';
        System.arraycopy(boundary, 0, pattern, 3, boundary.length);
        int last = pattern.length - 1;
        Arrays.fill(skip, pattern.length);
        for (int i = 0; i < last; i++) {
            skip[pattern[i] & 0xff] = last - i;
        }
        skip['\r'] = last;
    }

    int length() {
        return pattern.length;
    }

    /// The place of the line break of the first match at `from` or later; or `-p - 1` if there is none, where `p`
    /// is the place to go on from when there is more text.
    int find(byte[] text, int from, int end) {
        byte[] pattern = this.pattern;
        int[] skip = this.skip;
        int last = pattern.length - 1;
        int i = from;
        while (i + last < end) {
            int step = skip[text[i + last] & 0xff];
            byte c = text[i];
            if (c == '\n' || c == '\r') {
                int j = 1;
                while (j <= last && text[i + j] == pattern[j]) {
                    j++;
                }
                if (j > last) {
                    return i;
                }
                step = Math.max(step, j);
            }
            i += step;
        }
        return -i - 1;
    }
}
