package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Html;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.security.CsrfProtection;

/// The frame of all pages.
final class Page {
    private Page() {}

    /// @param request who sees it: only who has logged in can log out
    /// @param content in HTML
    static Response of(Request request, String title, String content) {
        String inOrOut = Guest.of(request).isPresent()
                ? "<form method=post action=/logout>" + CsrfProtection.field(request)
                        + "<button>Log out</button></form>"
                : "<p><a href=/login>Log in</a>";
        return Response.html("""
                <!doctype html><html lang=en><meta charset=utf-8>
                <meta name=viewport content="width=device-width, initial-scale=1"><title>%1$s</title>
                <style>%2$s</style>
                <nav><p><a class=skip href=#content>To the content</a> <a href=/>All entries</a> <a href=/sign>Write something</a></nav>
                <main id=content tabindex=-1><h1>%1$s</h1>
                %3$s
                </main>
                <footer>%4$s</footer>
                """.formatted(title, Html.STYLE, content, inOrOut));
    }
}
