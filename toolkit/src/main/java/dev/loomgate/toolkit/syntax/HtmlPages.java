package dev.loomgate.toolkit.syntax;

/// The few pages of HTML that the toolkit answers with by itself.
public final class HtmlPages {
    private HtmlPages() {}

    /// The text with the five characters that mean something in HTML escaped.
    public static String escape(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            String entity =
                    switch (text.charAt(i)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '"' -> "&#34;";
                        case '\'' -> "&#39;";
                        default -> "";
                    };
            if (!entity.isEmpty() && escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null) {
                if (entity.isEmpty()) {
                    escaped.append(text.charAt(i));
                } else {
                    escaped.append(entity);
                }
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    /// The page of an error.
    public static String errorPage(int code, String name, String description) {
        String title = escape(name);
        return "<!doctype html>\n<html lang=en>\n<title>" + code + " " + title + "</title>\n<h1>" + title + "</h1>\n<p>"
                + escape(description).replace("\n", "<br>") + "</p>\n";
    }

    /// The page of a redirect, for a client that doesn't follow it by itself.
    public static String redirectPage(String location) {
        String target = escape(location);
        return "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
                + "<p>You should be redirected automatically to the target URL: <a href=\"" + target + "\">" + target
                + "</a>. If not, click the link.\n";
    }
}
