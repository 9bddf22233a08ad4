package dev.loomgate.gateway.lint.request;

import dev.loomgate.gateway.EarlyHints;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.util.List;

/// A request's early hints, checked.
public final class LintedHints implements EarlyHints {
    private final EarlyHints hints;
    private final Exchange exchange;

    /// @param hints the container's
    public LintedHints(EarlyHints hints, Exchange exchange) {
        this.hints = hints;
        this.exchange = exchange;
    }

    @Override
    public void send(List<String> links) {
        exchange.checkThread(Clause.EARLY_HINTS_IN_TIME, "early hints were sent");
        exchange.check(!exchange.hasReturned(), Clause.EARLY_HINTS_IN_TIME, "early hints were sent after the call");
        hints.send(links);
    }
}
