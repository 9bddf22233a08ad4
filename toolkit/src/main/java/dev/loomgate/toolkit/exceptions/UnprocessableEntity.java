package dev.loomgate.toolkit.exceptions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// 422: the request's body is well-formed, and makes no sense.
public final class UnprocessableEntity extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public UnprocessableEntity() {
        super(422, null);
    }

    public UnprocessableEntity(String description) {
        super(422, description);
    }

    /// As for a form that is shown again with what is wrong beside each field:
    ///
    /// ```java
    /// throw new UnprocessableEntity("There is no such room.", List.of(InputError.of("room", "is none of ours")));
    /// ```
    ///
    /// @param description what the page says, without HTML; or null for the usual text
    /// @param errors what is wrong, value by value
    public UnprocessableEntity(@Nullable String description, List<InputError> errors) {
        super(422, description, null, errors);
    }
}
