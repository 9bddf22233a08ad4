package dev.loomgate.gateway.lint.exchange;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What was found wrong with one application and its container, and which of its bodies are still open. Safe for
/// use by several threads.
public final class Findings {
    private final Consumer<? super LintException> listener;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final RecentHeaders recentHeaders = new RecentHeaders();

    /// @param listener told of each, in the thread where it was found
    public Findings(Consumer<? super LintException> listener) {
        this.listener = listener;
    }

    /// The exception to throw, after the listener was told.
    public LintException found(Clause clause, String value) {
        return found(clause, value, null);
    }

    LintException found(Clause clause, String value, @Nullable Throwable cause) {
        LintException exception = new LintException(clause, value, cause);
        listener.accept(exception);
        return exception;
    }

    /// Throws unless `kept`.
    public void check(boolean kept, Clause clause, String value) {
        if (!kept) {
            throw found(clause, value);
        }
    }

    /// The headers that its last responses were started with.
    public RecentHeaders recentHeaders() {
        return recentHeaders;
    }

    void opened(Exchange exchange) {
        open.add(exchange);
    }

    void closed(Exchange exchange) {
        open.remove(exchange);
    }

    /// Throws if a body is open.
    public void checkAllClosed() {
        LintException first = null;
        for (Exchange exchange : Set.copyOf(open)) {
            open.remove(exchange);
            LintException another = found(Clause.CLOSED, "the body of the answer to " + exchange + " is open");
            if (first == null) {
                first = another;
            } else {
                first.addSuppressed(another);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /// A value as a message shows it.
    public static String show(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> '"' + Quoting.printable(text) + '"';
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case Object other -> "a " + other.getClass().getName();
        };
    }
}
