package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.specification.LintException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Checks an application and its container against the gateway interface's specification, while they run.
///
/// It stands between the two, passes everything through, and throws a [LintException] where either side breaks a
/// [clause][dev.loomgate.gateway.specification.Clause]. Put it around an application in its tests, around a small
/// application in a server's tests, and on both sides of a middleware. It reads file attributes and hashes bodies, so
/// it isn't made for production.
///
/// ```java
/// Application checked = new Lint().wrap(application);
/// ```
///
/// A caller can swallow an exception, so tests of a container pass a listener that collects
/// what was found, and end with [#checkAllClosed]:
///
/// ```java
/// List<LintException> found = new CopyOnWriteArrayList<>();
/// Lint lint = new Lint(found::add);
/// server.run(lint.wrap(application));
/// ...
/// lint.checkAllClosed();
/// assertThat(found).isEmpty();
/// ```
///
/// The specification for reading is `docs/gateway-specification.md`, written from the package `specification`. Model:
/// Rack's `Rack::Lint` and `SPEC.rdoc`; `wsgiref.validate`.
public final class Lint implements Middleware {
    private final Consumer<? super LintException> listener;
    private final List<Findings> wrapped = new CopyOnWriteArrayList<>();

    /// Throws what it finds.
    public Lint() {
        this(found -> {});
    }

    /// Throws what it finds, after it has told the listener, in the thread where it was found.
    public Lint(Consumer<? super LintException> listener) {
        this.listener = listener;
    }

    /// The application, checked. It passes the hooks of an `inner` that has them on.
    @Override
    public Application wrap(Application inner) {
        Findings findings = new Findings(listener);
        wrapped.add(findings);
        return inner instanceof Lifecycle hooks
                ? new LintedHooks(inner, hooks, findings)
                : new LintedApplication(inner, findings, exchange -> {});
    }

    /// Checks that every body that was returned through this lint has been closed, to be called when no request
    /// runs. The last [Lifecycle#stop] of an application with hooks checks it, too.
    ///
    /// @throws LintException for `Clause.CLOSED`; one for each further body is attached to it
    public void checkAllClosed() {
        wrapped.forEach(Findings::checkAllClosed);
    }
}
