package dev.loomgate.gateway.specification;

import java.util.List;

/// A chapter of the specification, numbered in this order from 1.
public enum Section {
    APPLICATION("The application", """
            An application is one function: `Body call(Environ environ, StartResponse startResponse) throws Exception`.
            The container calls it once for each request. On an event loop it does so in a microthread, so the
            application is written as plain blocking code."""),

    ENVIRON("The environ", """
            The request is a mutable map from names to objects, after PEP 3333 and RFC 3875. A name without a dot is a
            CGI variable and holds text; a name with a dot holds what its owner says, and `wsgi.` belongs to this
            specification. A header field `Accept-Language` is `HTTP_ACCEPT_LANGUAGE`; only `Content-Type` and
            `Content-Length` have keys of their own. `PATH_INFO` and `SCRIPT_NAME` are percent-decoded UTF-8;
            `REQUEST_URI`, where the container knows it, is the target as it came.

            A variable may be decoded only when it is asked for: nobody can tell the difference."""),

    INPUT("The input", """
            `wsgi.input` is the request's body as an `InputStream`. It always ends, at `CONTENT_LENGTH` or at the last
            chunk, so reading until the end is safe. A read waits for the client without blocking an event loop, and
            throws `ClientGone` if the client goes before its body has ended."""),

    STARTING("Starting the response", """
            `startResponse` records the status and the header fields. Nothing is sent by it: both go out before the
            first chunk that isn't empty, or when the body ends. Until then an application that runs into trouble may
            replace them by calling it again with the cause; afterwards the same call throws that cause, which
            ends the response where it is.

            `Headers` and `Status` refuse by themselves what could split a response: a CR, LF or NUL, a name that is
            no token, a code that isn't three digits."""),

    BODY("The body", """
            A body is one of six kinds: `Bytes` and `Text` are there already, `Chunks` are asked for one at a time,
            `FileBody` is part of a file, `Stream` is a function that writes, and `WebSocketBody` has a section of its own. The content of `Chunks` and `Stream`
            is made in the request's own thread and may wait; the container keeps a bounded number of bytes that the
            client hasn't taken yet, and makes the application wait beyond that."""),

    CLOSING("Closing", """
            A body is closed when it is done with, whatever became of it: sent, failed, not wanted, or left behind by a
            client that has disconnected. Closing is where an application gives back what the body needed."""),

    WEBSOCKET("WebSockets", """
            A container that can serve the WebSocket a request asks for gives its environ a `loomgate.websocket`. The
            application accepts by starting with status 101 and returning a body of a sixth kind, `WebSocketBody`: a function
            that gets the socket and talks with the client, with blocking calls, until it returns. So a handshake passes
            through middlewares, and is logged and closed, as any other request. The container makes the handshake's own
            fields, answers pings, joins fragments and checks UTF-8."""),

    MIDDLEWARE("Middleware", """
            A middleware is the container of the application within and the application of the container without, so
            both sets of clauses bind it. With `Lint` on both sides of it, each side is checked; what is below needs both."""),

    LIFECYCLE("Lifecycle", """
            An application that implements `Lifecycle` is started before its first request and stopped after its last
            one, once on each loop. One that doesn't is simply called.""");

    private final String title;
    private final String introduction;

    Section(String title, String introduction) {
        this.title = title;
        this.introduction = introduction;
    }

    /// The chapter's number, from 1.
    public int number() {
        return List.of(values()).indexOf(this) + 1;
    }

    /// The chapter's heading.
    public String title() {
        return title;
    }

    /// What a reader should know before the clauses, in Markdown.
    public String introduction() {
        return introduction;
    }
}
