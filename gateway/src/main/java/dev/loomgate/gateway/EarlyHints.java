package dev.loomgate.gateway;

import java.util.List;

/// Links that a client may follow while its response is still being made: an informational response, `103 Early Hints`
/// (RFC 8297). See [Environ#earlyHints].
///
/// ```java
/// environ.earlyHints().send("</style.css>; rel=preload; as=style", "<https://cdn.example>; rel=preconnect");
/// ```
@FunctionalInterface
public interface EarlyHints {
    /// Those of a container that sends none.
    EarlyHints NONE = links -> {};

    /// Sends links, each the value of a field `Link` (RFC 8288); may be done several times. They are hints:
    /// the response says the same again, and a container may drop them. The thread that runs the application,
    /// before the call returns.
    ///
    /// @throws IllegalArgumentException if a link has a character that a field can't have
    void send(List<String> links);

    /// Sends links.
    default void send(String... links) {
        send(List.of(links));
    }
}
