package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.security.CsrfProtection;
import java.util.Optional;

/// `/visitor`: who sends this request, and a login, for programs.
record Visitor(Login login) {
    /// @param name of who has logged in
    /// @param csrfToken for the header `X-CSRF-Token` of the requests that follow
    record State(Optional<String> name, String csrfToken) {
        static State of(Request request) {
            return new State(Guest.of(request), CsrfProtection.token(request));
        }
    }

    State get(Request request) {
        return State.of(request);
    }

    State post(Request request, Login.Form form) {
        if (!login.isIn(request, form)) {
            throw new Forbidden("That is not the password.");
        }
        return State.of(request);
    }
}
