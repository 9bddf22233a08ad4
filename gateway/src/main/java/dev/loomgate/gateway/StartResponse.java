package dev.loomgate.gateway;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Takes the response's status and headers: PEP 3333's `start_response`.
///
/// Nothing is sent when it is called: the container sends both before the first non-empty chunk of the body, or at
/// the body's end. Called by the thread that runs the application. The headers belong to the container from then on.
///
/// Source: PEP 3333, "The start_response() Callable".
@FunctionalInterface
public interface StartResponse {
    /// Records status and headers, or replaces them when there is a cause.
    ///
    /// @param status the final status, 200 to 599; or 101, which accepts a WebSocket ([WebSocketHandshake])
    /// @param headers the response's headers, without hop-by-hop ones
    /// @param cause why a response that had been started is replaced: PEP 3333's `exc_info`; or null at the first
    /// call
    /// @throws IllegalStateException if it was called before and there is no cause
    /// @throws Exception the cause itself, if bytes of the response have been sent already
    void start(Status status, Headers headers, @Nullable Exception cause) throws Exception;

    /// Records status and headers of a response that has not been started.
    ///
    /// @throws IllegalStateException if the response was started before
    default void start(Status status, Headers headers) {
        try {
            start(status, headers, null);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("startResponse threw without a cause", e);
        }
    }

    /// Says that the application within has `view` in place of this. The code that makes the view calls it, once,
    /// before it passes the view inwards.
    ///
    /// When an application has failed, the container starts its error page by the innermost view that it has
    /// been told of, with the failure as the cause: so what middlewares add to each response is on that page, too.
    /// This may be after the call has returned, and before the body is closed.
    ///
    /// A view passes it on to what it is a view of. One that doesn't, such as a lambda, isn't asked about error
    /// pages, nor are those within it.
    default void viewedBy(StartResponse view) {}

    /// A view of `inner` that passes each status and its headers to `change` first: what a middleware passes inwards.
    static StartResponse mapping(StartResponse inner, BiConsumer<Status, Headers> change) {
        return MappedStart.of(inner, change);
    }
}
