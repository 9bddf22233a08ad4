package dev.loomgate.toolkit;

import dev.loomgate.toolkit.syntax.HtmlPages;
import java.nio.charset.StandardCharsets;

/// Error pages without what ours have besides Werkzeug's, to be compared with these.
public final class WithoutLooks {
    private static final int BYTES = HtmlPages.LOOKS.getBytes(StandardCharsets.UTF_8).length;

    private WithoutLooks() {}

    /// A body, which may be such a page.
    public static String body(String body) {
        return body.replace(HtmlPages.LOOKS, "");
    }

    /// The Content-Length of a response.
    ///
    /// @param body of the response; of one to HEAD it is empty
    public static String length(int status, String body, String length) {
        boolean answersHead = status >= 400 && body.isEmpty() && Integer.parseInt(length) > BYTES;
        return body.contains(HtmlPages.LOOKS) || answersHead
                ? Integer.toString(Integer.parseInt(length) - BYTES)
                : length;
    }
}
