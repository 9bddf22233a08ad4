package dev.loomgate.toolkit;

import dev.loomgate.gateway.Environ;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an application remembers of one client from request to request: values by their names, kept by the
/// middleware [dev.loomgate.toolkit.sessions.Sessions].
///
/// ```java
/// Session session = request.session();
/// session.put("user", 42);
/// int user = session.get("user", Integer.class).orElseThrow(Unauthorized::new);
/// ```
///
/// A value is what JSON has: texts, numbers, truth values, lists, maps, and records of these. It is read when it
/// is first asked for; a request that never asks costs nothing. Changes are kept when the response starts: so not
/// from within a streamed body. Of a session that is stored, the values that this request changed are kept, and the
/// others stay as other requests have left them; if one of those has ended or renewed the session, nothing is kept.
/// Belongs to the thread that runs the application.
public interface Session {
    /// Where the environ holds the session.
    String KEY = "loomgate.session";

    /// The value that [dev.loomgate.toolkit.security.CsrfProtection] keeps its secret in.
    String CSRF_TOKEN = "_csrf";

    /// The session of a request.
    ///
    /// @throws IllegalStateException if there is no `Sessions` before the application
    static Session of(Environ environ) {
        if (environ.get(KEY) instanceof Session session) {
            return session;
        }
        throw new IllegalStateException("the request has no session: wrap the application by Sessions");
    }

    /// The value of that name, as a value of this type; empty if there is none.
    ///
    /// @throws IllegalStateException if it can't be one
    <T> Optional<T> get(String name, Class<T> type);

    /// The text of that name; empty if there is none.
    ///
    /// @throws IllegalStateException if it is no text
    default Optional<String> get(String name) {
        return get(name, String.class);
    }

    /// Sets a value.
    ///
    /// @throws IllegalArgumentException if it can't be written as JSON
    /// @throws IllegalStateException if the response has been started
    Session put(String name, Object value);

    /// Removes a value; returns whether there was one.
    ///
    /// @throws IllegalStateException if the response has been started
    boolean remove(String name);

    /// Removes all values, and ends the session if none is put afterwards: the client's cookie is then deleted, and
    /// what a store had, with whatever else the client came with under the cookie's name.
    ///
    /// @throws IllegalStateException if the response has been started
    Session clear();

    /// Issues a new session ID; call it at login. It prevents session fixation: an ID that an attacker knew
    /// before is worthless afterwards, and so is a further cookie of that name that an attacker gave the client.
    /// The session's CSRF token is replaced, too.
    ///
    /// @throws IllegalStateException if the response has been started
    Session renew();

    /// Keeps a text for the next page that asks for it, which may be after a redirect.
    ///
    /// ```java
    /// request.session().flash("success", "Your entry is saved.");
    /// return Response.redirect("/");
    /// ```
    ///
    /// @param category what kind it is, such as `success` or `error`
    /// @throws IllegalStateException if the response has been started
    default Session flash(String category, String message) {
        List<Flash> all = new ArrayList<>(flashes());
        all.add(new Flash(category, message));
        return put(Flash.NAME, all);
    }

    /// What [#flash] has kept, the oldest first; from now on it is gone, so that each is shown once.
    ///
    /// @throws IllegalStateException if there is some, and the response has been started
    default List<Flash> takeFlashes() {
        List<Flash> all = flashes();
        if (!all.isEmpty()) {
            remove(Flash.NAME);
        }
        return all;
    }

    private List<Flash> flashes() {
        return get(Flash.NAME, Flash[].class).map(List::of).orElse(List.of());
    }

    /// The names of all values.
    Set<String> names();

    /// Whether there is no value at all.
    boolean isEmpty();
}
