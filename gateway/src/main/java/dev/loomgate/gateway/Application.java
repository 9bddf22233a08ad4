package dev.loomgate.gateway;

/// What a container calls for each request: PEP 3333's application object.
///
/// The application reads the request from `environ`, calls `startResponse` once before it returns, and returns the
/// response's [Body], which the container closes exactly once. It may block: on an event loop, a container runs each
/// call in a microthread. An exception becomes a 500 answer, or a broken connection if bytes have been sent before.
///
/// ```java
/// Application hello = (environ, startResponse) -> {
///     startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
///     return Body.text("Hello world!\n");
/// };
/// ```
///
/// Source: PEP 3333, "The Application/Framework Side".
@FunctionalInterface
public interface Application {
    /// Answers one request.
    ///
    /// @param environ the request; the call owns it and may change it
    /// @param startResponse takes the status and the headers; must have been called when this method returns
    /// @return the body, closed by the container on every path
    /// @throws Exception whatever goes wrong; the container logs it and answers 500
    Body call(Environ environ, StartResponse startResponse) throws Exception;
}
