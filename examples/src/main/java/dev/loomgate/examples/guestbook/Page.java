package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;

/// The frame of all pages.
final class Page {
    private Page() {}

    /// @param request who sees it: only who has logged in can log out
    /// @param content in HTML
    static Response of(Request request, String title, String content) {
        String logOut =
                Guest.of(request).isPresent() ? "<form method=post action=/logout><button>Log out</button></form>" : "";
        return Response.html("""
                <!doctype html><html lang=en><meta charset=utf-8><title>%1$s</title>
                <h1>%1$s</h1>
                %2$s
                %3$s
                """.formatted(title, content, logOut));
    }
}
