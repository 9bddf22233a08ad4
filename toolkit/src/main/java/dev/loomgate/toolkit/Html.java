package dev.loomgate.toolkit;

import dev.loomgate.toolkit.syntax.HtmlPages;

/// Text and style for HTML.
public final class Html {
    /// The style of the error pages that browsers get, in CSS, for small pages that need no other: light and dark, for
    /// telephones and wide windows, with a focus that can be seen. Each version may have another one.
    ///
    /// ```java
    /// "<style>" + Html.STYLE + "</style>"
    /// ```
    ///
    /// Just so, [dev.loomgate.toolkit.middleware.SecurityHeaders] lets it in without a nonce.
    public static final String STYLE = HtmlPages.STYLE;

    /// What lets that style in, among a policy's `style-src`: `'sha256-...'` (Content Security Policy Level 3
    /// section 2.3.1). In a policy without it, error pages have the browser's own looks.
    public static final String STYLE_SOURCE = HtmlPages.STYLE_SOURCE;

    private Html() {}

    /// The text as it is shown, whatever is in it: `&`, `<`, `>`, `"` and `'` become character references, as by
    /// MarkupSafe's `escape`. For what stands between tags or within a quoted attribute.
    ///
    /// ```java
    /// Response.html("<h1>Hello " + Html.escape(name) + "</h1>")
    /// ```
    ///
    /// Elsewhere that is not enough: within a script, a style, an attribute without quotes, or as a link's target,
    /// which might begin with `javascript:`.
    public static String escape(String text) {
        return HtmlPages.escape(text);
    }
}
