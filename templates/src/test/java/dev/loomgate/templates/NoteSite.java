package dev.loomgate.templates;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.middleware.SecurityHeaders;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.security.CsrfProtection;
import dev.loomgate.toolkit.sessions.Sessions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A list of notes with a form: layout, CSRF, flashes, errors beside fields, a part for htmx.
final class NoteSite {
    private static final int MAX_CHARACTERS = 100;

    private final Templates templates;
    private final String list;
    private final String rows;
    private final List<String> notes = new CopyOnWriteArrayList<>();

    /// @param list the page's template
    /// @param rows the part's
    NoteSite(Templates templates, String list, String rows) {
        this.templates = templates;
        this.list = list;
        this.rows = rows;
    }

    Application application() {
        return SecurityHeaders.of()
                .around(Sessions.signed("a secret for tests"))
                .wrap(WebApplication.of(Rule.of("/", new Notes(this))).withGuard(CsrfProtection.of()));
    }

    record Notes(NoteSite site) {
        Response get(Request request) {
            boolean part = request.environ().text("HTTP_HX_REQUEST").isPresent();
            return site.templates
                    .view(request, part ? site.rows : site.list)
                    .with("notes", site.notes)
                    .response();
        }

        Response post(Request request) {
            String text = request.form().get("text", "");
            if (text.length() > MAX_CHARACTERS || text.isBlank()) {
                return site.templates
                        .view(request, site.list)
                        .with("notes", site.notes)
                        .withErrors(List.of(InputError.of("text", "<" + text.length() + "> & not 1 to 100")))
                        .response()
                        .status(422);
            }
            site.notes.add(text);
            request.session().flash("\"><i>", "Saved " + text);
            return Response.redirect("/");
        }
    }
}
