package dev.loomgate.gateway;

import org.jspecify.annotations.Nullable;

/// What names a request in logs: the client's or a proxy's own, from the header field X-Request-ID, or one that the
/// container has made.
///
/// A record of the log belongs to a request if one of these is among its parameters, shown by the message or not:
/// ```java
/// LOG.log(Level.WARNING, "the worker is gone: {0}", worker, id);
/// ```
/// What is logged in a request's own microthread belongs to it without that.
///
/// @param text 1 to 128 characters of `A-Z a-z 0-9 . _ : + / = @ -`: no log and no header field has to quote them
public record LogId(String text) {
    /// The most characters of one.
    public static final int MAX_LENGTH = 128;

    private static final String MARKS = "._:+/=@-";

    /// @throws IllegalArgumentException if [#isAcceptable] says no
    public LogId {
        if (!isAcceptable(text)) {
            throw new IllegalArgumentException("no request id: \"" + Quoting.printable(text) + '"');
        }
    }

    /// Whether that is one: what strangers send needn't be.
    public static boolean isAcceptable(@Nullable CharSequence text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
