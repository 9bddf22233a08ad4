package dev.loomgate.servlet;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.Trailers;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;

/// What a servlet answers, from the first piece on, as a body for the container. The request's microthread.
final class ServletAnswer {
    private static final System.Logger LOG = System.getLogger(ServletApplication.class.getName());

    private final String name;
    private final Environ environ;
    private final ServletStream stream;
    private final Request request;

    /// @param name of the application, for the log
    ServletAnswer(String name, Environ environ, ServletStream stream, Request request) {
        this.name = name;
        this.environ = environ;
        this.stream = stream;
        this.request = request;
    }

    /// Waits for the servlet's first piece, and starts the response with it.
    ///
    /// @throws InterruptedException if the container ends the request meanwhile
    /// @throws Exception if the request's body could not be read, the response has no form that HTTP has, or there
    ///     is none; the servlet learns it
    Body await(StartResponse startResponse) throws Exception {
        ServletStream.Piece first;
        try {
            first = stream.next();
        } catch (InterruptedException overdue) {
            stream.end();
            throw overdue;
        }
        MetaData.@Nullable Response head = first == null ? null : first.head();
        if (first == null || head == null) {
            throw stream.failed();
        }
        try {
            return start(startResponse, first, head);
        } catch (Exception refused) {
            stream.abandon(first);
            throw refused;
        }
    }

    private Body start(StartResponse startResponse, ServletStream.Piece first, MetaData.Response head)
            throws Exception {
        if (head.getStatus() >= 400) {
            report(head.getStatus());
        }
        Status status = Status.of(head.getStatus());
        Headers headers = headers(head.getHttpFields());
        boolean isHead = environ.method().equals("HEAD");
        if (isHead || status.bodiless()) {
            return startBodiless(startResponse, first, status, headers, isHead);
        }
        @Nullable Supplier<HttpFields> trailers = head.getTrailersSupplier();
        if (trailers != null && environ.trailers() != Trailers.NONE) {
            headers.remove("Content-Length"); // over HTTP/1.1 they follow the last chunk
        }
        startResponse.start(status, headers);
        if (trailers == null && first.isWhole()) {
            stream.confirm(first);
            return ending(Body.bytes(first.content().array()));
        }
        return Body.stream(writer -> {
                    stream.writeTo(writer, first);
                    if (trailers != null) {
                        end(trailers.get());
                    }
                })
                .onClose(() -> {
                    stream.abandon(first);
                    stream.awaitEnd();
                });
    }

    private Body startBodiless(
            StartResponse startResponse, ServletStream.Piece first, Status status, Headers headers, boolean isHead)
            throws Exception {
        if (!isHead) {
            headers.remove("Content-Length");
        } else if (first.last() && first.content().hasRemaining()) {
            headers.setDefault("Content-Length", String.valueOf(first.content().remaining()));
        }
        startResponse.start(status, headers);
        stream.dropContent();
        stream.confirm(first);
        return ending(Body.empty());
    }

    // The servlet may work on behind its response: until it ends, so does the request.
    private Body ending(Body body) {
        return stream.isComplete() ? body : body.onClose(stream::awaitEnd);
    }

    private void end(@Nullable HttpFields trailers) {
        if (trailers != null) {
            environ.trailers().set(headers(trailers));
        }
    }

    // A servlet's failure is for the log. One to read the body, which it has let pass, is the container's to answer:
    // it knows whose fault that is.
    private void report(int status) throws Exception {
        @Nullable Object failure = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        if (!(failure instanceof Throwable thrown)) {
            return;
        }
        Exception broken = stream.inputFailure();
        for (Throwable cause = thrown; cause != null && broken != null; cause = cause.getCause()) {
            if (cause == broken) {
                throw broken;
            }
        }
        if (status >= 500) {
            String what = environ.method() + " " + environ.scriptName() + environ.path();
            LOG.log(System.Logger.Level.ERROR, name + ": a servlet failed: " + Quoting.printable(what), thrown);
        }
    }

    private static Headers headers(HttpFields fields) {
        Headers headers = new Headers();
        fields.forEach(field -> {
            HttpHeader known = field.getHeader();
            if (known == HttpHeader.CONNECTION
                    || known == HttpHeader.KEEP_ALIVE
                    || known == HttpHeader.TRANSFER_ENCODING
                    || known == HttpHeader.TE
                    || known == HttpHeader.TRAILER
                    || known == HttpHeader.UPGRADE
                    || known == HttpHeader.PROXY_CONNECTION) {
                return;
            }
            headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        });
        return headers;
    }
}
