package dev.loomgate.gateway;

/// Fields that follow the content, known only when that is complete: a checksum, a status, a time (RFC 9110 section
/// 6.5). See [Environ#trailers].
///
/// ```java
/// environ.trailers().set(new Headers().add("Server-Timing", "total;dur=12.5"));
/// ```
///
/// They are sent where the client takes them and the response has a place for them: over HTTP/1.1 that is a body
/// whose length isn't declared (one that is streamed), over HTTP/2 and HTTP/3 any body that isn't empty. Elsewhere
/// setting does nothing, so what a client must know doesn't belong here.
@FunctionalInterface
public interface Trailers {
    /// Those of a container that sends none.
    Trailers NONE = fields -> {};

    /// Sets them, in place of those that were set before. The thread that runs the application, before the body's
    /// content is complete.
    ///
    /// @param fields none that says how a message is framed, routed or authorized, and none about its content: RFC
    ///     9110 section 6.5.1 forbids those
    /// @throws IllegalArgumentException if one is of those; it names the field
    void set(Headers fields);
}
