package dev.loomgate.toolkit.syntax;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The few pages of HTML that the toolkit answers with by itself.
public final class HtmlPages {
    /// The style of small pages: light and dark, for telephones and wide windows, with a focus that can be seen.
    public static final String STYLE = style();

    /// The style as a `Content-Security-Policy` lets it in: `'sha256-...'`.
    public static final String STYLE_SOURCE = "'sha256-" + hash(STYLE) + "'";

    private HtmlPages() {}

    // No constant of the compiler's: a program that was compiled with another version would have that version's style
    // in it, and this one's hash.
    private static String style() {
        return """

        :root { background: Canvas; color-scheme: light dark; --link: #0b57d0; --line: #8886 }
        @media (prefers-color-scheme: dark) { :root { --link: #a8c7fa } }
        body { font: 1rem/1.6 system-ui, sans-serif; margin: auto; max-width: 42rem; overflow-wrap: anywhere; padding: 1.5rem }
        h1, h2 { line-height: 1.2 }
        a { color: var(--link) }
        nav a { margin-right: 1rem }
        article, footer { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: .5rem }
        img { height: auto; max-width: 100% }
        input, textarea, button { box-sizing: border-box; font: inherit; max-width: 100%; padding: .4rem .7rem }
        textarea { min-height: 6rem; width: 100% }
        .skip:not(:focus) { left: -99rem; position: absolute }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
        """;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("each JDK has SHA-256", e);
        }
    }

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

    /// The page of an error, as Werkzeug has it to the byte.
    public static String errorPage(int code, String name, String description) {
        return errorHead(code, name) + errorText(name, description);
    }

    /// The same, with [#STYLE].
    public static String styledErrorPage(int code, String name, String description) {
        return errorHead(code, name)
                + "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<style>" + STYLE
                + "</style>\n<main>\n" + errorText(name, description) + "</main>\n";
    }

    private static String errorHead(int code, String name) {
        return "<!doctype html>\n<html lang=en>\n<title>" + code + " " + escape(name) + "</title>\n";
    }

    private static String errorText(String name, String description) {
        return "<h1>" + escape(name) + "</h1>\n<p>" + escape(description).replace("\n", "<br>") + "</p>\n";
    }

    /// The page of a redirect, for a client that doesn't follow it by itself.
    public static String redirectPage(String location) {
        String target = escape(location);
        return "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
                + "<p>You should be redirected automatically to the target URL: <a href=\"" + target + "\">" + target
                + "</a>. If not, click the link.\n";
    }
}
