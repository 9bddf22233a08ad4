package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.WebSocketHandshake;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One request on its way through one [Lint]: who runs it, and how far it has come.
final class Exchange {
    /// Where an inner lint finds the exchange of the one around it.
    private static final String KEY = "loomgate.lint";

    private final Findings findings;
    private final Thread thread = Thread.currentThread();
    private final String method;
    private final String subject;
    private final OptionalLong inputLength;
    private final @Nullable WebSocketHandshake webSocket;
    private final LintedErrors errors;
    private final LintedInput input;
    private final @Nullable Exchange outer;
    private final List<Exchange> within = new ArrayList<>();

    private boolean returned;
    private boolean bodyOpen;
    // Read by whatever thread uses the request too late.
    private volatile boolean ended;
    private @Nullable Throwable failure;

    Exchange(Environ environ, Findings findings) {
        this.findings = findings;
        method = environ.method();
        subject = method + " " + Quoting.printable(environ.scriptName() + environ.path());
        inputLength = environ.contentLength();
        webSocket = environ.webSocket().orElse(null);
        input = new LintedInput(environ.input(), this);
        errors = new LintedErrors(environ.errors(), this);
        outer = environ.get(KEY) instanceof Exchange exchange && !exchange.ended ? exchange : null;
        if (outer != null) {
            outer.within.add(this);
        }
    }

    void install(Environ environ) {
        environ.put("wsgi.input", input);
        environ.put("wsgi.errors", errors);
        environ.put(KEY, this);
    }

    Findings findings() {
        return findings;
    }

    OptionalLong inputLength() {
        return inputLength;
    }

    @Nullable
    WebSocketHandshake webSocket() {
        return webSocket;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /// Whether the body has been closed.
    boolean ended() {
        return ended;
    }

    void check(boolean kept, Clause clause, String value) {
        if (!kept) {
            throw found(clause, value);
        }
    }

    LintException found(Clause clause, String value) {
        return findings.found(clause, value + ", in " + this);
    }

    LintException found(Clause clause, String value, Throwable cause) {
        return findings.found(clause, value + ", in " + this, cause);
    }

    void checkThread(Clause clause, String what) {
        Thread current = Thread.currentThread();
        check(current == thread, clause, what + " in " + show(current) + " instead of " + show(thread));
    }

    private static String show(Thread thread) {
        return "thread #" + thread.threadId() + " \"" + Quoting.printable(thread.getName()) + '"';
    }

    /// Before the container gets a part of the content.
    void checkMayAsk() {
        check(!ended, Clause.CONTENT_AFTER_CLOSE, "content was asked for");
        checkThread(Clause.CONTENT_THREAD, "content was asked for");
        check(!isHead(), Clause.CONTENT_NOT_WANTED, "content was asked for");
        for (Exchange around = outer; around != null; around = around.outer) {
            check(around.returned, Clause.MIDDLEWARE_WAITS, "content was asked for during the call");
        }
    }

    void returned() {
        returned = true;
    }

    void bodyOpened() {
        bodyOpen = true;
        findings.opened(this);
    }

    void bodyClosed() {
        ended = true;
        bodyOpen = false;
        findings.closed(this);
    }

    /// When nothing more happens to the request here: nothing within may be open.
    void end() {
        for (Exchange inner : within) {
            if (inner.bodyOpen) {
                inner.findings.closed(inner);
                check(false, Clause.MIDDLEWARE_CLOSES, "the body of the application within is open");
            }
        }
        errors.checkWorking();
    }

    /// Whether this is what the call ended with, or has it for its cause.
    boolean isFailure(@Nullable Exception cause) {
        return failure != null && cause != null && (cause == failure || cause.getCause() == failure);
    }

    /// The call ended with an exception.
    void failed(Throwable failure) {
        ended = true;
        this.failure = failure;
        try {
            end();
        } catch (LintException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public String toString() {
        return subject;
    }
}
