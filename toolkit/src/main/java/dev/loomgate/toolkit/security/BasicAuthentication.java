package dev.loomgate.toolkit.security;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Unauthorized;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import java.util.Map;
import java.util.Optional;

/// Asks for a name and a password: 401 and a browser's own dialogue until both are right.
///
/// ```java
/// Submount.of("/admin", Route.get("/", request -> "Hello " + request.user(Editor.class).orElseThrow().name()))
///         .guardedBy(BasicAuthentication.of("admin", (name, password) -> editors.find(name, password)))
/// ```
///
/// The password comes with each request, in the clear: it belongs on HTTPS only. A browser sends it to
/// the other pages of the site by itself, so forms behind it need [CsrfProtection] as those of a
/// session do. Neither name nor password of a refused request is in the response or in a log.
///
/// Immutable: each method returns a new one. Source: RFC 7617.
public final class BasicAuthentication implements Guard {
    private static final String SCHEME = "Basic";

    private final Challenge challenge;
    private final PasswordCheck check;
    private final boolean blocking;

    private BasicAuthentication(Challenge challenge, PasswordCheck check, boolean blocking) {
        this.challenge = challenge;
        this.check = check;
        this.blocking = blocking;
    }

    /// Lets in whom `check` knows.
    ///
    /// @param realm what the password is for, as browsers show it: printable ASCII
    /// @throws IllegalArgumentException if the realm has other characters
    public static BasicAuthentication of(String realm, PasswordCheck check) {
        return new BasicAuthentication(Challenge.of(SCHEME, realm).with("charset", "UTF-8"), check, false);
    }

    /// Lets in these users, each of which is a text, its name, to [Request#user]: for a few, whose
    /// passwords come from the configuration. Passwords in a database belong there as hashes.
    ///
    /// @param realm what the password is for, as browsers show it: printable ASCII
    /// @param passwords by the users' names
    /// @throws IllegalArgumentException if the realm has other characters, or a password is empty
    public static BasicAuthentication users(String realm, Map<String, String> passwords) {
        Map<String, String> known = Map.copyOf(passwords);
        known.forEach((name, password) -> {
            if (password.isEmpty()) {
                throw new IllegalArgumentException(
                        "BasicAuthentication.users: the password of \"%s\" is empty".formatted(name));
            }
        });
        return of(realm, (name, password) -> {
            String right = known.getOrDefault(name, "");
            // Compared for an unknown name, too: it takes as long.
            return Same.text(password, right) && !right.isEmpty() ? Optional.of(name) : Optional.empty();
        });
    }

    /// The same with a check that holds its thread, as that of a password's hash does: it runs in the
    /// server's threads for blocking work ([dev.loomgate.gateway.Environ#offload]). Where too many
    /// wait for one of these, the answer is
    /// 503.
    public BasicAuthentication blocking() {
        return new BasicAuthentication(challenge, check, true);
    }

    /// @throws Unauthorized if there are no credentials, or wrong ones
    @Override
    public Optional<? extends Application> check(Request request, Rule<?> rule) throws Exception {
        Optional<Authorization> given = request.authorization();
        if (given.isEmpty() || !given.get().scheme().equals("basic")) {
            throw new Unauthorized("A name and a password are needed here.", challenge.text());
        }
        String name = given.get().parameter("username");
        String password = given.get().parameter("password");
        Optional<?> user = isPlain(name) && isPlain(password) ? user(request, name, password) : Optional.empty();
        if (user.isEmpty()) {
            throw new Unauthorized("The name or the password is wrong.", challenge.text());
        }
        request.authenticated(SCHEME, name, user.get());
        return Optional.empty();
    }

    private Optional<?> user(Request request, String name, String password) throws Exception {
        return blocking
                ? Offloaded.<Optional<?>>run(request.environ(), () -> check.user(name, password))
                : check.user(name, password);
    }

    // RFC 7617 section 2: neither may have one.
    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    /// `BasicAuthentication (Basic realm="shop", charset="UTF-8")`
    @Override
    public String toString() {
        return "BasicAuthentication (" + challenge.text() + ")";
    }
}
