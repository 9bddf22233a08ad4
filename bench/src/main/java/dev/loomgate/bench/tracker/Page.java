package dev.loomgate.bench.tracker;

import gg.jte.Content;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the templates see of a request.
///
/// @param user empty for a stranger
/// @param csrfToken the session's
/// @param nonce of the page's scripts and styles
/// @param form the fields that the client has sent
/// @param errors what is wrong with them, by field
public record Page(
        String user,
        Supplier<String> csrfToken,
        String nonce,
        Function<String, @Nullable String> form,
        Map<String, String> errors) {
    /// The hidden field of a form.
    public Content csrfField() {
        return output ->
                output.writeContent("<input type=\"hidden\" name=\"csrf_token\" value=\"" + csrfToken.get() + "\">");
    }

    /// What is wrong with a field; empty if nothing is.
    public String error(String field) {
        return errors.getOrDefault(field, "");
    }

    /// What the client has sent in a field, or nothing.
    public String value(String field) {
        return value(field, "");
    }

    /// The same, or what is there if the client has sent nothing yet.
    public String value(String field, String present) {
        return Objects.requireNonNullElse(form.apply(field), present);
    }
}
