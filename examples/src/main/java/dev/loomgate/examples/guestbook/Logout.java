package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;

/// `/logout`: forgets the session. By POST: a link, or a picture, on another site's page must not do it.
final class Logout {
    Response post(Request request) {
        Session.of(request.environ()).clear();
        return Response.redirect("/");
    }
}
