package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Response;

/// The frame of all pages.
final class Page {
    private Page() {}

    /// @param content in HTML
    static Response of(String title, String content) {
        return Response.html("""
                <!doctype html><html lang=en><meta charset=utf-8><title>%1$s</title>
                <h1>%1$s</h1>
                %2$s
                <form method=post action=/logout><button>Log out</button></form>
                """.formatted(title, content));
    }
}
