package dev.loomgate.toolkit;

import dev.loomgate.toolkit.syntax.HtmlPages;

/// Text for HTML.
public final class Html {
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
