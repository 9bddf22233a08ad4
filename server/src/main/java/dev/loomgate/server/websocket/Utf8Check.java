package dev.loomgate.server.websocket;

/// Tells whether bytes that come piece by piece are UTF-8 (RFC 3629 section 4), at the first one that isn't.
///
/// ```
///  C2..DF 80..BF          E0 A0..BF 80..BF      ED 80..9F 80..BF      E1..EC, EE, EF  2 x 80..BF
///  F0 90..BF 2 x 80..BF   F4 80..8F 2 x 80..BF  F1..F3 3 x 80..BF     00..7F
/// ```
final class Utf8Check {
    // Of the character that has begun: how many bytes are missing, and what the next one may be.
    private int missing;
    private int least = 0x80;
    private int most = 0xbf;

    /// Whether the text is valid so far.
    boolean accepts(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (missing == 0) {
                if (b < 0 && !begin(b & 0xff)) {
                    return false;
                }
            } else if (!goOn(b & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private boolean begin(int first) {
        if (first < 0xc2 || first > 0xf4) {
            return false;
        }
        if (first < 0xe0) {
            missing = 1;
        } else if (first < 0xf0) {
            missing = 2;
            least = first == 0xe0 ? 0xa0 : 0x80;
            most = first == 0xed ? 0x9f : 0xbf;
        } else {
            missing = 3;
            least = first == 0xf0 ? 0x90 : 0x80;
            most = first == 0xf4 ? 0x8f : 0xbf;
        }
        return true;
    }

    private boolean goOn(int next) {
        if (next < least || next > most) {
            return false;
        }
        missing--;
        least = 0x80;
        most = 0xbf;
        return true;
    }

    /// Whether the last character is complete.
    boolean isComplete() {
        return missing == 0;
    }
}
