package dev.loomgate.gateway.specification;

import static dev.loomgate.gateway.specification.Party.APPLICATION;
import static dev.loomgate.gateway.specification.Party.CONTAINER;
import static dev.loomgate.gateway.specification.Party.MIDDLEWARE;

import java.util.Arrays;
import java.util.List;

/// A sentence of the specification that binds one of the sides, and that `Lint` checks.
///
/// The order within a section is the order of its numbers.
public enum Clause {
    CALL_ARGUMENTS(Section.APPLICATION, CONTAINER, "MUST pass an environ and a `startResponse`, never null."),
    BODY_RETURNED(Section.APPLICATION, APPLICATION, "MUST return a body or throw an exception; it never returns null."),
    STARTED_BEFORE_RETURN(
            Section.APPLICATION, APPLICATION, "MUST have called `startResponse` by the time it returns a body."),

    VARIABLES_PRESENT(
            Section.ENVIRON,
            CONTAINER,
            "MUST give `REQUEST_METHOD`, `SCRIPT_NAME`, `PATH_INFO`, `QUERY_STRING`, `SERVER_NAME`, `SERVER_PORT` and "
                    + "`SERVER_PROTOCOL`."),
    CGI_TEXT(Section.ENVIRON, CONTAINER, "MUST give a `String` for every name without a dot."),
    METHOD_TOKEN(
            Section.ENVIRON,
            CONTAINER,
            "MUST give as `REQUEST_METHOD` the token that the client sent (RFC 9110 section 9.1)."),
    SCRIPT_NAME_FORM(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `SCRIPT_NAME` that is empty, or begins with `/` and doesn't end with one."),
    PATH_INFO_FORM(Section.ENVIRON, CONTAINER, "MUST give a `PATH_INFO` that is empty or begins with `/`."),
    SERVER_NAME_FORM(Section.ENVIRON, CONTAINER, "MUST give a `SERVER_NAME` that isn't empty."),
    SERVER_PORT_FORM(Section.ENVIRON, CONTAINER, "MUST give a `SERVER_PORT` of decimal digits."),
    SERVER_PROTOCOL_FORM(
            Section.ENVIRON, CONTAINER, "MUST give a `SERVER_PROTOCOL` of the form `HTTP/1.1`, `HTTP/2` or the like."),
    REMOTE_FORM(
            Section.ENVIRON,
            CONTAINER,
            "MUST leave out `REMOTE_ADDR` and `REMOTE_PORT` where the peer has none, rather than give an empty "
                    + "address, or a port that isn't decimal digits."),
    CONTENT_LENGTH_DIGITS(
            Section.ENVIRON,
            CONTAINER,
            "MUST give `CONTENT_LENGTH` as 1 to 18 decimal digits, and leave it out where the request has none."),
    CONTENT_KEYS(
            Section.ENVIRON,
            CONTAINER,
            "MUST NOT give `HTTP_CONTENT_TYPE` or `HTTP_CONTENT_LENGTH`, which could disagree with `CONTENT_TYPE` and "
                    + "`CONTENT_LENGTH`."),
    FIELD_KEYS(
            Section.ENVIRON,
            CONTAINER,
            "MUST make a header field's name from `HTTP_` and the field's name in upper case with `_` for `-`."),
    FIELD_TEXT(
            Section.ENVIRON,
            CONTAINER,
            "MUST give CGI variables without CR, LF and NUL, except in the decoded `SCRIPT_NAME` and `PATH_INFO`."),
    URL_SCHEME(Section.ENVIRON, CONTAINER, "MUST give `http` or `https` as `wsgi.url_scheme`."),
    FLAGS(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `Boolean` each as `wsgi.multithread`, `wsgi.multiprocess` and `wsgi.run_once`."),
    INPUT_TYPE(Section.ENVIRON, CONTAINER, "MUST give an `InputStream` as `wsgi.input`."),
    INPUT_TERMINATED(Section.ENVIRON, CONTAINER, "MUST give `Boolean.TRUE` as `wsgi.input_terminated`."),
    ERRORS_TYPE(Section.ENVIRON, CONTAINER, "MUST give a `PrintWriter` as `wsgi.errors`."),
    ERRORS_WORK(
            Section.ENVIRON,
            CONTAINER,
            "MUST take what is written to `wsgi.errors` until the body is closed; its `checkError` stays false."),
    ERRORS_LEFT_OPEN(Section.ENVIRON, APPLICATION, "MUST NOT close `wsgi.errors`, which isn't its own."),
    LOOK_UP_AGREES(
            Section.ENVIRON,
            CONTAINER,
            "MUST answer the same whether a variable is looked up by its name or met in a walk through all."),
    CLIENT_GONE_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `CompletionStage` as `loomgate.client_gone`, if it gives one: completed when the client leaves "
                    + "before its response is complete."),
    STOPPING_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `CompletionStage` as `loomgate.stopping`, if it gives one: completed when the container stops, "
                    + "with the `Duration` that the request then gets."),
    WEBSOCKET_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `WebSocketHandshake` as `loomgate.websocket`, if it gives one, and only with the methods GET and "
                    + "CONNECT (RFC 6455 section 4.1, RFC 8441 section 4)."),
    REQUEST_ID_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `LogId` as `loomgate.request_id`, if it gives one: what names the request in the container's "
                    + "logs, the same during the whole request."),
    EARLY_HINTS_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give an `EarlyHints` as `loomgate.early_hints`, if it gives one: its links go out at once, as an "
                    + "informational response (RFC 8297)."),
    ROUTE_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `Consumer` of text as `loomgate.route`, if it gives one: the application says by which template "
                    + "it has routed the request, and the container counts the request there."),
    TRAILERS_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give a `Trailers` as `loomgate.trailers`, if it gives one, and only to a client that takes trailers "
                    + "(RFC 9110 section 6.5.1)."),
    OFFLOAD_TYPE(
            Section.ENVIRON,
            CONTAINER,
            "MUST give an `Offload` as `loomgate.offload`, if it gives one: it runs blocking work in a thread that no "
                    + "other request waits for."),

    INPUT_COUNT(
            Section.INPUT,
            CONTAINER,
            "MUST answer a read of `n` > 0 bytes with 1 to `n` bytes, or with -1 at the end, and a read of none with 0."),
    INPUT_BYTE(Section.INPUT, CONTAINER, "MUST answer a read of a single byte with 0 to 255, or with -1 at the end."),
    INPUT_END_STAYS(Section.INPUT, CONTAINER, "MUST answer every read after the end with the end."),
    INPUT_LENGTH(
            Section.INPUT,
            CONTAINER,
            "MUST end the input after `CONTENT_LENGTH` bytes where that is given, neither before nor behind; a body that "
                    + "breaks off is an exception, not an end."),
    INPUT_SKIP(Section.INPUT, CONTAINER, "MUST skip no more bytes than asked for, and never a negative number."),
    INPUT_AVAILABLE(Section.INPUT, CONTAINER, "MUST NOT answer `available` with a negative number."),
    INPUT_RANGE(Section.INPUT, APPLICATION, "MUST read into a range that lies inside its array."),
    INPUT_CLOSED(Section.INPUT, APPLICATION, "MUST NOT read from an input that it has closed."),
    INPUT_AFTER_RESPONSE(Section.INPUT, APPLICATION, "MUST NOT read from the input after the body has been closed."),

    START_ARGUMENTS(Section.STARTING, APPLICATION, "MUST pass a status and headers to `startResponse`, never null."),
    FINAL_STATUS(
            Section.STARTING,
            APPLICATION,
            "MUST start with a final status, 200 to 599, or with the 101 that accepts a WebSocket: the container alone "
                    + "sends interim ones."),
    STARTED_AGAIN(
            Section.STARTING, APPLICATION, "MUST NOT call `startResponse` a second time without the cause for that."),
    START_TAKEN(
            Section.STARTING,
            CONTAINER,
            "MUST take the first start, and a further one with a cause as long as no chunk that isn't empty has been "
                    + "handed over."),
    START_TOO_LATE(
            Section.STARTING,
            CONTAINER,
            "MUST throw the cause itself when a start with a cause comes later than that."),
    CAUSE_PASSED_ON(
            Section.STARTING,
            APPLICATION,
            "MUST let a cause that `startResponse` threw end its content; it MUST NOT go on."),
    START_THREAD(Section.STARTING, APPLICATION, "MUST call `startResponse` in the thread that it was called in."),
    START_IN_TIME(Section.STARTING, APPLICATION, "MUST NOT call `startResponse` after the body has been closed."),
    EARLY_HINTS_IN_TIME(
            Section.STARTING,
            APPLICATION,
            "MUST send early hints in the thread that it was called in, and before it returns."),
    HEADERS_FRESH(
            Section.STARTING,
            APPLICATION,
            "MUST make new headers for each start: middleware and container change them."),
    HEADERS_LEFT_ALONE(
            Section.STARTING, APPLICATION, "MUST NOT change the headers after it has passed them to `startResponse`."),
    HOP_BY_HOP(
            Section.STARTING,
            APPLICATION,
            "MUST NOT set a field that is about the connection: `Connection`, `Keep-Alive`, `Proxy-Connection`, `TE`, "
                    + "`Trailer`, `Transfer-Encoding`, `Upgrade` (RFC 9110 section 7.6.1)."),
    STATUS_FIELD(
            Section.STARTING,
            APPLICATION,
            "MUST NOT set a field `Status`, which a CGI-minded front end would take for the status."),
    LENGTH_FORM(Section.STARTING, APPLICATION, "MUST set at most one `Content-Length`, of 1 to 18 decimal digits."),
    LENGTH_WITHOUT_CONTENT(
            Section.STARTING,
            APPLICATION,
            "MUST NOT set `Content-Length` with status 101 or 204 (RFC 9110 section 8.6)."),
    TYPE_OF_CONTENT(
            Section.STARTING, APPLICATION, "MUST set `Content-Type` where the body has bytes (RFC 9110 section 8.3)."),

    NO_CONTENT(
            Section.BODY,
            APPLICATION,
            "MUST NOT give a body any bytes with status 204, 205 or 304 (RFC 9110 section 6.4.1)."),
    LENGTH_KEPT(
            Section.BODY,
            APPLICATION,
            "MUST give a body of exactly as many bytes as its `Content-Length` says, except in answer to HEAD."),
    CHUNK_PRESENT(Section.BODY, APPLICATION, "MUST NOT give null as a chunk."),
    CHUNK_LEFT_ALONE(
            Section.BODY,
            APPLICATION,
            "MUST NOT change an array after it has handed it over as `Bytes` or as one of `Chunks`."),
    FILE_READABLE(
            Section.BODY, APPLICATION, "MUST name a readable regular file in a `FileBody`, and a part that it has."),
    WRITER_IN_STREAM(Section.BODY, APPLICATION, "MUST NOT use a stream's writer after the stream's function returned."),
    WRITER_THREAD(Section.BODY, APPLICATION, "MUST use a stream's writer in the thread that runs the stream."),
    WRITE_COMPLETE(
            Section.BODY, CONTAINER, "MUST take all remaining bytes of a buffer that is written, before it returns."),
    CONTENT_THREAD(
            Section.BODY,
            CONTAINER,
            "MUST ask for chunks, and run a stream or a WebSocket's handler, in the thread that it called in."),
    CONTENT_ONCE(Section.BODY, CONTAINER, "MUST NOT run a stream, or a WebSocket's handler, more than once."),
    CHUNKS_IN_TURN(Section.BODY, CONTAINER, "MUST ask for a chunk only after it has been told that there is one."),
    CONTENT_NOT_WANTED(Section.BODY, CONTAINER, "MUST NOT ask for content in answer to HEAD (RFC 9110 section 9.3.2)."),

    CLOSED(Section.CLOSING, CONTAINER, "MUST close every body that it was given."),
    CLOSED_ONCE(Section.CLOSING, CONTAINER, "MUST NOT close a body twice."),
    CLOSE_THREAD(Section.CLOSING, CONTAINER, "MUST close a body in the thread that it called in."),
    CONTENT_AFTER_CLOSE(Section.CLOSING, CONTAINER, "MUST NOT ask a closed body for content."),
    CLOSE_QUIET(Section.CLOSING, APPLICATION, "MUST NOT throw from a closing action."),

    WEBSOCKET_OFFERED(
            Section.WEBSOCKET,
            APPLICATION,
            "MUST NOT start with status 101 where the environ that it was given has no `loomgate.websocket`."),
    WEBSOCKET_BODY(
            Section.WEBSOCKET, APPLICATION, "MUST return a `WebSocketBody` with status 101, and with no other status."),
    WEBSOCKET_SUBPROTOCOL(
            Section.WEBSOCKET,
            APPLICATION,
            "MUST set `Sec-WebSocket-Protocol` to one of the subprotocols that the client offers, or leave it out (RFC "
                    + "6455 section 4.2.2)."),
    WEBSOCKET_FIELDS(
            Section.WEBSOCKET,
            APPLICATION,
            "MUST NOT set another field whose name begins with `Sec-WebSocket-`: those are the container's."),
    WEBSOCKET_RECEIVER(
            Section.WEBSOCKET,
            APPLICATION,
            "MUST call `receive` in the thread that runs the handler, and not after the handler has returned."),
    WEBSOCKET_LAST(Section.WEBSOCKET, APPLICATION, "MUST NOT call `receive` after it has returned `Closed`."),
    WEBSOCKET_SENT(Section.WEBSOCKET, APPLICATION, "MUST NOT send null."),
    WEBSOCKET_CODE(
            Section.WEBSOCKET,
            APPLICATION,
            "MUST close with a code that an endpoint may send, 1000 to 1003, 1007 to 1014 or 3000 to 4999, and a reason "
                    + "of at most 123 bytes of UTF-8 (RFC 6455 sections 5.5 and 7.4)."),
    WEBSOCKET_RECEIVED(Section.WEBSOCKET, CONTAINER, "MUST answer `receive` with a message, never with null."),
    WEBSOCKET_CLOSED(
            Section.WEBSOCKET, CONTAINER, "MUST throw `ClientGone` from a send after `receive` has returned `Closed`."),

    MIDDLEWARE_WAITS(
            Section.MIDDLEWARE,
            MIDDLEWARE,
            "MUST NOT ask the application within for chunks, or run its stream, before it has returned its own body: "
                    + "it replaces the body with one that does so in time."),
    MIDDLEWARE_CLOSES(
            Section.MIDDLEWARE,
            MIDDLEWARE,
            "MUST close a body that it doesn't pass on, at the latest when its own one is closed."),

    START_FIRST(
            Section.LIFECYCLE,
            CONTAINER,
            "MUST NOT send a request to an application with hooks before its `start` has returned; who puts something "
                    + "before such an application keeps its hooks by `Lifecycle.passOn`."),
    STOP_AFTER_START(
            Section.LIFECYCLE,
            CONTAINER,
            "MUST NOT call `stop` more often than `start` has returned without a failure."),
    STOP_LAST(
            Section.LIFECYCLE, CONTAINER, "MUST NOT send a request to an application that it has stopped everywhere.");

    private final Section section;
    private final Party party;
    private final String text;

    Clause(Section section, Party party, String text) {
        this.section = section;
        this.party = party;
        this.text = text;
    }

    /// The chapter that it stands in.
    public Section section() {
        return section;
    }

    /// Whom it binds, and so whose fault a violation is.
    public Party party() {
        return party;
    }

    /// The whole sentence, in Markdown.
    public String sentence() {
        return party.subject() + " " + text;
    }

    /// Its number in the specification, such as `2.4`.
    public String number() {
        return section.number() + "." + (of(section).indexOf(this) + 1);
    }

    /// The clauses of a section, in order.
    static List<Clause> of(Section section) {
        return Arrays.stream(values())
                .filter(clause -> clause.section == section)
                .toList();
    }
}
