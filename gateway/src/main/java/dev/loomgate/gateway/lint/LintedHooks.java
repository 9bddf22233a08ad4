package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.specification.Clause;
import java.util.concurrent.atomic.AtomicInteger;

/// An application with hooks, checked for when they run. Loops start and stop at their own pace, so it counts.
final class LintedHooks implements Application, Lifecycle {
    private final Application application;
    private final Lifecycle hooks;
    private final Findings findings;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();

    LintedHooks(Application inner, Lifecycle hooks, Findings findings) {
        application = new LintedApplication(inner, findings, this::checkRunning);
        this.hooks = hooks;
        this.findings = findings;
    }

    @Override
    public void start() throws Exception {
        hooks.start();
        started.incrementAndGet();
    }

    @Override
    public void stop() throws Exception {
        int count = stopped.incrementAndGet();
        findings.check(
                count <= started.get(),
                Clause.STOP_AFTER_START,
                "stop was called %d times, start returned %d times".formatted(count, started.get()));
        hooks.stop();
        if (count == started.get()) {
            findings.checkAllClosed();
        }
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return application.call(environ, startResponse);
    }

    private void checkRunning(Exchange exchange) {
        findings.check(started.get() > 0, Clause.START_FIRST, exchange + " came before start");
        findings.check(stopped.get() < started.get(), Clause.STOP_LAST, exchange + " came after stop");
    }
}
