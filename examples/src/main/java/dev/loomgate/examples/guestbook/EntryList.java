package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Html;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;

/// `/`: what was written, for all to read.
record EntryList(Entries entries) {
    Response get(Request request) {
        StringBuilder html = new StringBuilder("<p><a href=/sign>Write something</a>\n");
        for (Entry entry : entries.all()) {
            html.append(
                    "<article><h2>%s</h2><p>%s</p>".formatted(Html.escape(entry.author()), Html.escape(entry.text())));
            if (entry.picture().isPresent()) {
                html.append("<img src=/picture/%d alt=\"\">".formatted(entry.id()));
            }
            html.append("</article>\n");
        }
        return Page.of(request, "Guest book", html.toString());
    }
}
