package dev.loomgate.templates;

import dev.loomgate.toolkit.Flash;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.middleware.SecurityHeaders;
import dev.loomgate.toolkit.security.CsrfProtection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a template sees of its request, as `page`. All texts are plain: the engine escapes them. Each engine has one
/// of its own, with the form's hidden field in HTML (`page.csrfField()`).
///
/// Belongs to the request's thread.
public abstract class Page {
    static final String NAME = "page";

    private final Request request;
    private final List<InputError> errors;
    private @Nullable List<Flash> flashes;

    /// @param errors what is wrong with what the client has sent, besides what the request itself tells
    /// ([Request#errors])
    protected Page(Request request, List<InputError> errors) {
        this.request = request;
        this.errors = Stream.concat(request.errors().stream(), errors.stream()).toList();
    }

    /// The request.
    public final Request request() {
        return request;
    }

    /// The name of who sees it, as a guard has found out ([Request#userName]); empty if it is a stranger.
    public final String user() {
        return request.userName().orElse("");
    }

    /// The session's CSRF token, for scripts: `<body hx-headers='{"X-CSRF-Token": "..."}'>`.
    ///
    /// @throws IllegalStateException as [CsrfProtection#token]
    public final String csrfToken() {
        return CsrfProtection.token(request);
    }

    /// The request's nonce, for `<script nonce="...">` and `<style nonce="...">`.
    ///
    /// @throws IllegalStateException as [SecurityHeaders#nonce]
    public final String nonce() {
        return SecurityHeaders.nonce(request.environ());
    }

    /// The session's flashes, which are gone with this page; the same ones each time.
    ///
    /// @throws IllegalStateException if the request has no session
    public final List<Flash> flashes() {
        if (flashes == null) {
            flashes = request.session().takeFlashes();
        }
        return flashes;
    }

    /// What is wrong with a form's field; empty if nothing is. Of several messages, all, in lines.
    ///
    /// @param field its name; empty for what is wrong with the whole form
    public final String error(String field) {
        return errors.stream()
                .filter(error -> error.name().equals(field))
                .map(InputError::message)
                .collect(Collectors.joining("\n"));
    }

    /// Whether something is wrong with a form's field.
    public final boolean isWrong(String field) {
        return errors.stream().anyMatch(error -> error.name().equals(field));
    }

    /// What the client has sent in a form's field, to be shown again beside its error; empty if it has sent none.
    public final String value(String field) {
        return request.form().get(field, "");
    }

    /// The same for a form that changes something: what is there, if the client has sent nothing yet.
    public final String value(String field, String present) {
        return request.form().get(field, present);
    }

    /// Whether htmx asks for a part of the page: `HX-Request`, and not for a page out of its history.
    public final boolean isPart() {
        return request.environ().text("HTTP_HX_REQUEST", "").equals("true")
                && !request.environ()
                        .text("HTTP_HX_HISTORY_RESTORE_REQUEST", "")
                        .equals("true");
    }

    /// The URL of a rule without variables, below the application's own path.
    ///
    /// @param pattern the rule's: `/entries`
    /// @throws IllegalArgumentException if it is no pattern
    public final String url(String pattern) {
        return url(pattern, Map.of());
    }

    /// The URL of a rule, below the application's own path: variables are quoted, and what is no variable makes the
    /// query.
    ///
    /// @param pattern the rule's: `/entry/<int:id>`
    /// @throws dev.loomgate.toolkit.routing.BuildError if a variable has no value
    /// @throws IllegalArgumentException if it is no pattern, or a converter refuses a value
    public final String url(String pattern, Map<String, ?> values) {
        return Urls.of(pattern).bindToEnviron(request.environ()).build(pattern, values);
    }

    /// `Page of GET http://localhost/`
    @Override
    public String toString() {
        return "Page of " + request;
    }
}
