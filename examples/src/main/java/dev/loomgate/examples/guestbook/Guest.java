package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Session;
import java.util.Optional;

/// Who has logged in.
final class Guest {
    private Guest() {}

    /// The name of who sends this request; empty for a stranger.
    static Optional<String> of(Request request) {
        return Session.of(request.environ()).get("user");
    }
}
