package dev.loomgate.gateway.lint.request;

import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.io.PrintWriter;

/// A request's errors stream, which its application doesn't close.
public final class LintedErrors extends PrintWriter {
    private final Exchange exchange;

    /// @param errors the container's
    public LintedErrors(PrintWriter errors, Exchange exchange) {
        // Flushing each line here keeps the meaning of an inner writer that does so: it only sees writes.
        super(errors, true);
        this.exchange = exchange;
    }

    @Override
    public void close() {
        exchange.check(false, Clause.ERRORS_LEFT_OPEN, "wsgi.errors was closed");
    }
}
