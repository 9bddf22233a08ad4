package dev.loomgate.server.cgi;

import dev.loomgate.server.exchange.Refusal;
import org.jspecify.annotations.Nullable;

/// Which control characters a variable's value may have.
///
/// Header fields and whatever else came undecoded off an HTTP request have none but tabs (RFC 9110 section 5.5). A
/// path is decoded, so that it may have any but NUL, which cuts names short in C. A variable that the operator has
/// made up may have any.
final class ControlCharacters {
    private static final String[] UNDECODED = {"REQUEST_URI", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH"};
    private static final String[] UNDECODED_BEGINNINGS = {"HTTP_", "SERVER_", "REMOTE_"};
    private static final String[] DECODED = {"PATH_INFO", "SCRIPT_NAME"};

    private ControlCharacters() {}

    static @Nullable Refusal check(
            byte[] block, int key, int keyLength, int value, int valueLength, BlockRefusals refusals) {
        String name = PacketText.text(block, key, keyLength);
        boolean undecoded = isOneOf(name, UNDECODED) || beginsLikeOneOf(name, UNDECODED_BEGINNINGS);
        if (!undecoded && !isOneOf(name, DECODED)) {
            return null;
        }
        for (int i = 0; i < valueLength; i++) {
            int c = block[value + i];
            if (undecoded ? (c >= 0 && c < ' ' && c != '\t') || c == 0x7f : c == 0) {
                return refusals.control(name, c, i);
            }
        }
        return null;
    }

    private static boolean isOneOf(String name, String[] names) {
        for (String other : names) {
            if (name.equals(other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean beginsLikeOneOf(String name, String[] beginnings) {
        for (String beginning : beginnings) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
