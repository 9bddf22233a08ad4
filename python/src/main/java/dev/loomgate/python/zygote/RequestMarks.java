package dev.loomgate.python.zygote;

import dev.loomgate.gateway.LogId;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Which request a line of a program belongs to, where logs tell: the process puts a mark before it.
///
/// ```
///  RS token ':' id US text      RS is 0x1e, US 0x1f; the token is 16 hexadecimal digits
/// ```
///
/// The token is secret: what a program repeats of a stranger's can't be taken for a mark.
final class RequestMarks {
    static final String TOKEN = token();

    private static final int TOKEN_BYTES = 8;
    private static final char END = '\u001f';
    private static final String BEGIN = "\u001e" + TOKEN + ":";

    private RequestMarks() {}

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The line, and whose it is.
    static OutputLine read(String line) {
        if (!line.startsWith(BEGIN)) {
            return new OutputLine(line, null);
        }
        int end = line.indexOf(END, BEGIN.length());
        String id = end < 0 ? "" : line.substring(BEGIN.length(), end);
        return LogId.isAcceptable(id)
                ? new OutputLine(line.substring(end + 1), new LogId(id))
                : new OutputLine(line, null);
    }
}
