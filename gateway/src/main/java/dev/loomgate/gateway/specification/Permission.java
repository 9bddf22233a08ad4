package dev.loomgate.gateway.specification;

import java.util.Arrays;
import java.util.List;

/// A sentence of the specification that allows something, which `Lint` therefore lets pass.
public enum Permission {
    APPLICATION_WAITS(Section.APPLICATION, "An application MAY wait, for as long as the container's deadline lets it."),
    APPLICATION_THROWS(
            Section.APPLICATION,
            "An application MAY throw any exception. The container logs it and answers 500, or breaks the connection off "
                    + "if bytes have been sent."),

    ENVIRON_CHANGED(
            Section.ENVIRON,
            "An application MAY change its environ, and keep a copy; a middleware MAY pass another one on."),
    ENVIRON_EXTENDED(
            Section.ENVIRON,
            "A container MAY add CGI variables as text, and a variable of any type under a name with a dot."),

    CLIENT_GONE_LATE(
            Section.ENVIRON,
            "A container MAY take a client that has only ended its side of the connection for one that has left, MAY "
                    + "notice it late, and MAY leave `loomgate.client_gone` out."),

    EARLY_HINTS_DROPPED(
            Section.ENVIRON,
            "A container MAY leave `loomgate.early_hints` out, and MAY drop what is sent by it: sending does nothing "
                    + "then."),
    TRAILERS_DROPPED(
            Section.ENVIRON,
            "A container MAY leave `loomgate.trailers` out, and MAY drop what is set by it where the response has no place "
                    + "for it."),

    INPUT_IN_PARTS(Section.INPUT, "A container MAY answer a read with fewer bytes than asked for."),
    INPUT_LEFT(Section.INPUT, "An application MAY leave the input unread, in part or as a whole, and MAY close it."),
    INPUT_BROKEN(
            Section.INPUT, "A container MAY throw an `IOException` from any read: the client may have disconnected."),

    START_WITH_CAUSE(Section.STARTING, "An application MAY give a cause already when it starts for the first time."),
    START_REPLACED(
            Section.STARTING,
            "An application MAY replace status and headers, with a cause, until its first chunk that isn't empty."),
    REASON_FREE(Section.STARTING, "An application MAY use a status code and a reason phrase that no RFC names."),

    LENGTH_LEFT_OUT(
            Section.BODY,
            "An application MAY leave `Content-Length` out; the container finds a way to mark the body's end."),
    EMPTY_CHUNKS(Section.BODY, "An application MAY give chunks, and make writes, of no bytes: they send nothing."),
    HEAD_AS_GET(
            Section.BODY,
            "An application MAY answer HEAD with the body of GET, which isn't sent, or with an empty one and the "
                    + "`Content-Length` of GET."),
    ARRAY_REUSED(
            Section.BODY, "An application MAY use an array again once the write that it was given to has returned."),
    WRITER_GONE(
            Section.BODY,
            "An application MAY let the writer's `IOException` pass, or catch it and end its stream early."),
    CONTENT_LEFT(Section.BODY, "A container MAY close a body at any time without having asked for all of its content."),

    WEBSOCKET_NOT_OFFERED(
            Section.WEBSOCKET,
            "A container MAY leave `loomgate.websocket` out though the client asks for a WebSocket; the application then "
                    + "answers as to any other request."),
    WEBSOCKET_DECLINED(
            Section.WEBSOCKET, "An application MAY answer a handshake with any final status and another body."),
    WEBSOCKET_SENDERS(
            Section.WEBSOCKET,
            "An application MAY send and close from any thread, several at a time, also when its handler has returned: a send then throws "
                    + "`ClientGone`, and closing does nothing."),
    WEBSOCKET_LEFT(
            Section.WEBSOCKET,
            "An application MAY let its handler return or throw without having closed the socket: the container then closes with 1000, or "
                    + "with 1011."),

    MIDDLEWARE_BUFFERS(Section.MIDDLEWARE, "A middleware MAY read and replace a body of `Bytes` or `Text`."),
    MIDDLEWARE_ANSWERS(
            Section.MIDDLEWARE,
            "A middleware MAY answer by itself, and MAY call the application within more than once."),
    FAILURE_STARTED(
            Section.MIDDLEWARE,
            "A container MAY start its answer to an application that has failed by the innermost `startResponse` that it "
                    + "was told of (`viewedBy`), with the failure as the cause, also after the call."),

    HOOKS_PER_LOOP(Section.LIFECYCLE, "A container MAY call `start` and `stop` several times, once on each loop.");

    private final Section section;
    private final String sentence;

    Permission(Section section, String sentence) {
        this.section = section;
        this.sentence = sentence;
    }

    /// The whole sentence, in Markdown.
    public String sentence() {
        return sentence;
    }

    /// The permissions of a section, in order; their numbers follow those of its clauses.
    static List<Permission> of(Section section) {
        return Arrays.stream(values())
                .filter(permission -> permission.section == section)
                .toList();
    }
}
