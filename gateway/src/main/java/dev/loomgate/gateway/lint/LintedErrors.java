package dev.loomgate.gateway.lint;

import java.io.PrintWriter;

/// A request's errors stream, which its application doesn't close.
final class LintedErrors extends PrintWriter {
    private final PrintWriter errors;
    private final Exchange exchange;

    LintedErrors(PrintWriter errors, Exchange exchange) {
        // Flushing each line here keeps the meaning of an inner writer that does so: it only sees writes.
        super(errors, true);
        this.errors = errors;
        this.exchange = exchange;
    }

    @Override
    public void close() {
        exchange.check(false, Clause.ERRORS_LEFT_OPEN, "wsgi.errors was closed");
    }

    void checkWorking() {
        exchange.check(!errors.checkError(), Clause.ERRORS_WORK, "wsgi.errors has failed");
    }
}
