package dev.loomgate.gateway;

/// An application that stands before another one: it sees the request first and the response last.
///
/// A middleware that reads or replaces the response's body must respect [Body]'s rules: only [Body.Bytes] and
/// [Body.Text] may be buffered, and a body that is not passed on is closed.
///
/// ```java
/// Middleware poweredBy = inner -> (environ, startResponse) -> inner.call(
///         environ,
///         StartResponse.mapping(startResponse, (status, headers) -> headers.set("X-Powered-By", "Loomgate")));
/// ```
///
/// Source: PEP 3333, "Middleware: Components that Play Both Sides".
@FunctionalInterface
public interface Middleware {
    /// Returns the application that stands for `inner` from now on. Called once, at start-up; the caller keeps the
    /// inner application's hooks by [Lifecycle#passOn].
    Application wrap(Application inner);

    /// This middleware around `next`: a request passes this one first.
    default Middleware around(Middleware next) {
        return inner -> {
            Application middle = Lifecycle.passOn(inner, next.wrap(inner));
            return Lifecycle.passOn(middle, wrap(middle));
        };
    }
}
