package dev.loomgate.gateway.lint.exchange;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One request on its way through one lint: who runs it, and how far it has come.
public final class Exchange {
    /// Where an inner lint finds the exchange of the one around it.
    private static final String KEY = "loomgate.lint";

    private final Findings findings;
    private final Thread thread = Thread.currentThread();
    private final String method;
    private final String subject;
    private final OptionalLong inputLength;
    private final @Nullable WebSocketHandshake webSocket;
    private final PrintWriter errors;
    private final @Nullable Exchange outer;
    private final List<Exchange> within = new ArrayList<>();

    private boolean returned;
    private boolean bodyOpen;
    // Read by whatever thread uses the request too late.
    private volatile boolean ended;
    private @Nullable Throwable failure;

    /// A request that comes now; the calling thread is the one that is to run it.
    public Exchange(Environ environ, Findings findings) {
        this.findings = findings;
        method = environ.method();
        subject = method + " " + Quoting.printable(environ.scriptName() + environ.path());
        inputLength = environ.contentLength();
        webSocket = environ.webSocket().orElse(null);
        errors = environ.errors();
        outer = environ.get(KEY) instanceof Exchange exchange && !exchange.ended ? exchange : null;
        if (outer != null) {
            outer.within.add(this);
        }
    }

    /// Lets a lint within find it.
    public void install(Environ environ) {
        environ.put(KEY, this);
    }

    /// What was found wrong with the application and its container.
    public Findings findings() {
        return findings;
    }

    /// What the request's `CONTENT_LENGTH` said.
    public OptionalLong inputLength() {
        return inputLength;
    }

    /// The handshake that the application may accept; null if it was offered none.
    public @Nullable WebSocketHandshake webSocket() {
        return webSocket;
    }

    /// Whether it is a HEAD request, whose answer has no content.
    public boolean isHead() {
        return method.equals("HEAD");
    }

    /// Whether the body has been closed.
    public boolean ended() {
        return ended;
    }

    /// Throws unless `kept`; the message names the request.
    public void check(boolean kept, Clause clause, String value) {
        if (!kept) {
            throw found(clause, value);
        }
    }

    /// The exception to throw, after the listener was told.
    public LintException found(Clause clause, String value) {
        return findings.found(clause, value + ", in " + this);
    }

    /// The same for what another exception shows.
    public LintException found(Clause clause, String value, Throwable cause) {
        return findings.found(clause, value + ", in " + this, cause);
    }

    /// Throws in another thread than the one that the container called in.
    public void checkThread(Clause clause, String what) {
        Thread current = Thread.currentThread();
        check(current == thread, clause, what + " in " + show(current) + " instead of " + show(thread));
    }

    private static String show(Thread thread) {
        return "thread #" + thread.threadId() + " \"" + Quoting.printable(thread.getName()) + '"';
    }

    /// Before the container gets a part of the content.
    public void checkMayAsk() {
        check(!ended, Clause.CONTENT_AFTER_CLOSE, "content was asked for");
        checkThread(Clause.CONTENT_THREAD, "content was asked for");
        check(!isHead(), Clause.CONTENT_NOT_WANTED, "content was asked for");
        for (Exchange around = outer; around != null; around = around.outer) {
            check(around.returned, Clause.MIDDLEWARE_WAITS, "content was asked for during the call");
        }
    }

    /// The application has returned, or thrown.
    public void returned() {
        returned = true;
    }

    /// Whether it has.
    public boolean hasReturned() {
        return returned;
    }

    /// The container gets a body, which it has to close.
    public void bodyOpened() {
        bodyOpen = true;
        findings.opened(this);
    }

    /// The container has closed it.
    public void bodyClosed() {
        ended = true;
        bodyOpen = false;
        findings.closed(this);
    }

    /// When nothing more happens to the request here: nothing within may be open.
    public void end() {
        for (Exchange inner : within) {
            if (inner.bodyOpen) {
                inner.findings.closed(inner);
                check(false, Clause.MIDDLEWARE_CLOSES, "the body of the application within is open");
            }
        }
        check(!errors.checkError(), Clause.ERRORS_WORK, "wsgi.errors has failed");
    }

    /// Whether this is what the call ended with, or has it for its cause.
    public boolean isFailure(@Nullable Exception cause) {
        return failure != null && cause != null && (cause == failure || cause.getCause() == failure);
    }

    /// The call ended with an exception.
    public void failed(Throwable failure) {
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
