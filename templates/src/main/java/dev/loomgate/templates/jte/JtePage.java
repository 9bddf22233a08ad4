package dev.loomgate.templates.jte;

import dev.loomgate.templates.Page;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.security.CsrfProtection;
import gg.jte.Content;
import java.util.List;

/// The page as a jte template has it: `@param dev.loomgate.templates.jte.JtePage page`.
public final class JtePage extends Page {
    JtePage(Request request, List<InputError> errors) {
        super(request, errors);
    }

    /// The hidden field for a form: `<form method="post">${page.csrfField()}`.
    ///
    /// @throws IllegalStateException as [CsrfProtection#field]
    public Content csrfField() {
        String field = CsrfProtection.field(request());
        return output -> output.writeContent(field);
    }
}
