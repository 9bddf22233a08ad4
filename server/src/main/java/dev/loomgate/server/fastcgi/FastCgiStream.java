package dev.loomgate.server.fastcgi;

import dev.loomgate.gateway.Headers;
import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.connection.ResponseFormat;
import dev.loomgate.server.connection.SingleExchange;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One request of a FastCGI connection: its body's records, and the records of its response. Loop side only, except for
/// [RequestBody.Source].
///
/// The response is STDOUT: a head as CGI has it, the content, and an empty record; then END_REQUEST. A response without
/// Content-Length that can't be completed has neither of the two at its end.
final class FastCgiStream implements ResponseFormat, RequestBody.Source {
    private static final long NONE = Long.MIN_VALUE;
    private static final long UNKNOWN = -1;

    private final FastCgiConnection connection;
    private final Limits limits;
    private final SingleExchange life;
    private final int id;
    private final boolean keeps;

    // Until its body's beginning is there, where its length isn't known.
    private @Nullable FastCgiRequest waiting;
    private @Nullable RequestBody body;
    private long bodyLeft = UNKNOWN;
    private long bodyBytes;
    private boolean inputComplete;
    private boolean full;
    private long bodyDeadline = NONE;
    private boolean lengthIsKnown;
    private boolean ending;

    /// @param keeps whether the connection is to stay open after the response
    FastCgiStream(FastCgiConnection connection, int id, boolean keeps) {
        this.connection = connection;
        this.limits = connection.limits();
        this.life = new SingleExchange(connection, this);
        this.id = id;
        this.keeps = keeps;
    }

    int id() {
        return id;
    }

    boolean keeps() {
        return keeps;
    }

    SingleExchange life() {
        return life;
    }

    /// Whether nothing more comes of its body.
    boolean isInputComplete() {
        return inputComplete;
    }

    /// Whether the application hasn't read what is there of the body, and no more is to be read.
    boolean isFull() {
        return full;
    }

    // ---- the request

    /// Its variables are complete. Without a length it waits for the body's beginning or end: so the application is
    /// called without a body where there is none.
    void begin(FastCgiRequest request) {
        if (request.contentLength().isPresent()) {
            bodyLeft = request.bodyBytes();
            call(request, bodyLeft > 0);
        } else {
            waiting = request;
        }
        expectBody();
    }

    private void call(FastCgiRequest request, boolean withBody) {
        waiting = null;
        RequestBody itsBody = withBody ? new RequestBody(this) : null;
        body = itsBody;
        life.begin(new Exchange(
                life, new CgiVariables(request), itsBody, request.method().equals("HEAD")));
    }

    /// Takes the next bytes of its body.
    void input(ByteBuf in, int length) {
        FastCgiRequest request = waiting;
        if (request != null) {
            call(request, true);
        }
        bodyBytes += length;
        if (bodyLeft != UNKNOWN && length > bodyLeft) {
            in.skipBytes(length);
            refuseBody(new Refusal(
                    400,
                    "the request's body is longer than it says",
                    "fastcgi: STDIN of request %d goes on after the CONTENT_LENGTH".formatted(id)));
            return;
        }
        if (bodyLeft == UNKNOWN && limits.maxBodyBytes() > 0 && bodyBytes > limits.maxBodyBytes()) {
            in.skipBytes(length);
            refuseBody(new Refusal(
                    413,
                    "the request's body is too large",
                    "fastcgi: request body takes over %d bytes".formatted(limits.maxBodyBytes()),
                    "maxBodyBytes"));
            return;
        }
        RequestBody reader = body;
        if (reader == null) {
            in.skipBytes(length);
            return;
        }
        if (bodyLeft != UNKNOWN) {
            bodyLeft -= length;
        }
        full = !reader.append(in, length);
        expectBody();
        if (bodyLeft == 0) {
            bodyIsComplete(reader);
        }
    }

    private void bodyIsComplete(RequestBody reader) {
        reader.complete();
        body = null;
        full = false;
        bodyDeadline = NONE;
    }

    /// Its body is complete.
    void inputEnd() {
        inputComplete = true;
        bodyDeadline = NONE;
        FastCgiRequest request = waiting;
        if (request != null) {
            call(request, false);
            return;
        }
        RequestBody reader = body;
        if (reader == null) {
            return;
        }
        if (bodyLeft == UNKNOWN) {
            bodyIsComplete(reader);
        } else {
            refuseBody(new Refusal(
                    400,
                    "the request's body is shorter than it says",
                    "fastcgi: STDIN of request %d ends %d bytes before the CONTENT_LENGTH".formatted(id, bodyLeft)));
        }
    }

    // The application gets to know by reading, and may still answer as it likes.
    private void refuseBody(Refusal refusal) {
        connection.tell(refusal);
        RequestBody reader = body;
        body = null;
        full = false;
        bodyDeadline = NONE;
        if (reader != null) {
            reader.fail(new RefusedInput(refusal));
        } else if (life.running() != null) {
            life.refuse(refusal);
        }
    }

    private void expectBody() {
        boolean expected = (body != null && !full) || waiting != null;
        bodyDeadline = expected
                ? connection.serverLoop().deadlineIn(limits.bodyTimeout().toNanos())
                : NONE;
    }

    @Override
    public void bodyIsWanted() {}

    @Override
    public void bodyHasRoom() {
        connection.serverLoop().loop().side().execute(() -> {
            full = false;
            expectBody();
            connection.inputHasRoom();
        });
    }

    /// Nobody waits for the response any more: the client has said so.
    void aborted() {
        life.abandon();
        body = null;
        connection.send(Records.end(id, Records.REQUEST_COMPLETE, 0));
        connection.over(this);
    }

    /// Looks at its deadlines.
    void sweep(long now, long sinceLast) {
        if (bodyDeadline != NONE && now - bodyDeadline >= 0) {
            bodyDeadline = NONE;
            bodyTimedOut();
        }
        life.sweep(now, sinceLast);
    }

    private void bodyTimedOut() {
        Refusal refusal = new Refusal(
                408,
                "timed out waiting for the request body",
                "fastcgi: no byte of the request body within %d ms"
                                .formatted(limits.bodyTimeout().toMillis())
                        + (bodyLeft == UNKNOWN ? "" : ", %d are missing".formatted(bodyLeft)),
                connection.timeoutSetting("bodyTimeout"));
        if (waiting != null) {
            waiting = null;
            life.refuse(refusal);
        } else {
            refuseBody(refusal);
        }
    }

    // ---- the response

    @Override
    public void writeHead(HeadWriter out, ResponseHead head, boolean close) {
        out.beginCgi(head.status(), head.headers());
        lengthIsKnown = head.hasLength();
        if (lengthIsKnown) {
            out.contentLength(head.length());
        }
        out.end();
    }

    @Override
    public void writeHead(ByteBuf out, HeadWriter head) {
        writeHead(out, head, 0);
    }

    /// Writes the head, and a record that has room for so many bytes of content as well, if all that fits in one.
    ///
    /// @return whether it does
    private boolean writeHead(ByteBuf out, HeadWriter head, int contentBytes) {
        int length = head.length();
        if (length + contentBytes <= Records.MOST) {
            Records.header(out, Records.STDOUT, id, length + contentBytes);
            head.writeTo(out);
            return true;
        }
        int start = out.writerIndex();
        head.writeTo(out);
        byte[] text = new byte[length];
        out.getBytes(start, text);
        out.writerIndex(start);
        Records.output(out, id, text, length);
        return false;
    }

    @Override
    public void writeWhole(ByteBuf out, HeadWriter head, byte[] content, int count) {
        if (writeHead(out, head, count)) {
            out.writeBytes(content, 0, count);
        } else {
            Records.output(out, id, content, count);
        }
        Records.outputEnd(out, id);
    }

    @Override
    public void writeContent(ByteBuf out, byte[] bytes, int count) {
        Records.output(out, id, bytes, count);
    }

    @Override
    public void writeEnd(ByteBuf out, @Nullable Headers trailers) {
        Records.outputEnd(out, id);
    }

    /// A file has no records.
    @Override
    public boolean takesFiles() {
        return false;
    }

    @Override
    public boolean responseEndsWithConnection() {
        return !lengthIsKnown;
    }

    @Override
    public void responded() {
        leaveBody();
        connection.over(this);
    }

    @Override
    public void brokenOff() {
        leaveBody();
        connection.brokenOff(this);
    }

    @Override
    public void cutOff() {
        if (!ending) {
            ending = true;
            life.abandon();
            brokenOff();
        }
    }

    @Override
    public void refused() {
        responded();
    }

    private void leaveBody() {
        RequestBody reader = body;
        body = null;
        waiting = null;
        full = false;
        bodyDeadline = NONE;
        if (reader != null) {
            reader.fail(new IOException("the response is complete, the rest of the request's body is not read"));
        }
    }
}
