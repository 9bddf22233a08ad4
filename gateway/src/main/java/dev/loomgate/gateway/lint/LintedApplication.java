package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.EarlyHints;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.lint.request.EnvironCheck;
import dev.loomgate.gateway.lint.request.LintedErrors;
import dev.loomgate.gateway.lint.request.LintedHints;
import dev.loomgate.gateway.lint.request.LintedInput;
import dev.loomgate.gateway.lint.response.LintedBody;
import dev.loomgate.gateway.lint.response.LintedStart;
import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import java.util.function.Consumer;

/// An application whose calls are checked.
final class LintedApplication implements Application {
    private final Application inner;
    private final Findings findings;
    private final Consumer<Exchange> admission;

    /// @param admission checks whether a request may come at all
    LintedApplication(Application inner, Findings findings, Consumer<Exchange> admission) {
        this.inner = inner;
        this.findings = findings;
        this.admission = admission;
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        findings.check(environ != null, Clause.CALL_ARGUMENTS, "environ is null");
        findings.check(startResponse != null, Clause.CALL_ARGUMENTS, "startResponse is null");
        new EnvironCheck(environ, findings).run();
        Exchange exchange = new Exchange(environ, findings);
        admission.accept(exchange);
        exchange.install(environ);
        environ.put("wsgi.input", new LintedInput(environ.input(), exchange));
        environ.put("wsgi.errors", new LintedErrors(environ.errors(), exchange));
        if (environ.get("loomgate.early_hints") instanceof EarlyHints hints) {
            environ.put("loomgate.early_hints", new LintedHints(hints, exchange));
        }
        LintedStart start = new LintedStart(startResponse, exchange);
        try {
            Body body = inner.call(environ, start);
            return check(body, start, exchange);
        } catch (Exception | Error e) {
            exchange.failed(e);
            throw e;
        } finally {
            exchange.returned();
        }
    }

    private Body check(Body body, LintedStart start, Exchange exchange) {
        exchange.check(body != null, Clause.BODY_RETURNED, "the body is null");
        LintedBody linted = new LintedBody(body, start, exchange);
        try {
            exchange.check(
                    start.started(), Clause.STARTED_BEFORE_RETURN, "a body was returned, but startResponse not called");
            return linted.wrapped();
        } catch (LintException e) {
            // The container never sees this body.
            linted.discard(e);
            throw e;
        }
    }
}
