package dev.loomgate.templates.pebble;

import dev.loomgate.templates.Page;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.security.CsrfProtection;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import java.util.List;

/// The page as a Pebble template has it: `{{ page.nonce }}`, `{{ page.error("text") }}`.
public final class PebblePage extends Page {
    PebblePage(Request request, List<InputError> errors) {
        super(request, errors);
    }

    /// The hidden field for a form: `<form method="post">{{ page.csrfField }}`.
    ///
    /// @throws IllegalStateException as [CsrfProtection#field]
    public SafeString csrfField() {
        return new SafeString(CsrfProtection.field(request()));
    }
}
