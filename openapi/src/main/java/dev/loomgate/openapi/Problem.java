package dev.loomgate.openapi;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the toolkit's errors look like to a client that takes JSON. Only its schema is used: nothing makes one.
@Description("An error (RFC 9457)")
record Problem(
        @Description("What kind of error it is; about:blank if its status says all")
        URI type,

        String title,
        int status,
        String detail,
        @Description("The request's path") URI instance,
        @Nullable List<ProblemError> errors) {

    /// One thing that is wrong with what a client has sent.
    @Description("A wrong value, at a JSON pointer of the body, or in a field of a form or the query")
    record ProblemError(@Nullable String pointer, @Nullable String field, String message) {}
}
