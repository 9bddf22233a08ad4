package dev.loomgate.toolkit.exceptions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// 400: the client sent something that can't be understood.
public class BadRequest extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public BadRequest() {
        super(400, null);
    }

    public BadRequest(String description) {
        super(400, description);
    }

    /// @param description what the page says, without HTML; or null for the usual text
    /// @param errors what is wrong, value by value
    public BadRequest(@Nullable String description, List<InputError> errors) {
        super(400, description, null, errors);
    }

    /// @param cause what led to it; never shown to the client
    public BadRequest(String description, Throwable cause) {
        super(400, description, cause);
    }
}
