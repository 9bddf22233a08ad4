package dev.loomgate.toolkit;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.events.EventStream;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.headers.CacheControl;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.headers.IfRange;
import dev.loomgate.toolkit.syntax.Disposition;
import dev.loomgate.toolkit.syntax.HtmlPages;
import dev.loomgate.toolkit.syntax.HttpDate;
import dev.loomgate.toolkit.syntax.Iri;
import dev.loomgate.toolkit.variants.UnsentBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// A response, and an [Application] that answers with it: Werkzeug's `Response`.
///
/// ```java
/// return new Response("Hello world!");                                       // text/plain
/// return Response.html(page).status(201).header("Cache-Control", "no-store");
/// return Response.json(user).cookie(Cookie.of("seen", "1"));
/// return Response.stream("text/csv", writer -> { for (Row row : rows) writer.write(row.line()); });
/// return Response.events(request, events -> { while (true) events.send(queue.take()); });
/// ```
///
/// Methods that set something change the response and return it. Calling it changes nothing, so a response whose
/// body is in memory may answer any number of requests.
///
/// It is corrected when it is sent: no body for HEAD, 204 and 304, no Content-Length for 204, no entity headers for
/// 304, and a Location in ASCII.
public final class Response implements Application {
    // RFC 9110 section 15.4.5; Expires and Content-Location may stay.
    private static final String[] NOT_IN_304 = {
        "Allow",
        "Content-Encoding",
        "Content-Language",
        "Content-Length",
        "Content-MD5",
        "Content-Range",
        "Content-Type",
        "Last-Modified"
    };

    private Status status = Status.OK;
    private final Headers headers;
    private Body body;

    private Response(Body body, String contentType) {
        this.body = body;
        headers = new Headers().add("Content-Type", contentType);
    }

    private Response(byte[] content, String contentType) {
        this(Body.bytes(content), contentType);
        headers.add("Content-Length", Integer.toString(content.length));
    }

    private Response(Status status, Headers headers, Body body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /// What another application answers, to be changed: Werkzeug's `Response.from_app`.
    ///
    /// @throws Exception what it throws
    public static Response of(Application application, Environ environ) throws Exception {
        Response[] started = {null};
        Body body = application.call(
                environ, (status, headers, _) -> started[0] = new Response(status, headers.copy(), Body.empty()));
        if (started[0] == null) {
            body.close();
            throw new IllegalStateException("the application has not called startResponse");
        }
        started[0].body = body;
        return started[0];
    }

    /// A response of text, 200, `text/plain` in UTF-8.
    public Response(String text) {
        this(text.getBytes(StandardCharsets.UTF_8), MimeTypes.TEXT);
    }

    /// A response of text, `text/plain` in UTF-8.
    public Response(String text, int status) {
        this(text);
        status(status);
    }

    /// A response of HTML, 200, in UTF-8. What comes from outside must be escaped before.
    public static Response html(String html) {
        return new Response(html.getBytes(StandardCharsets.UTF_8), "text/html; charset=utf-8");
    }

    /// A response of bytes, 200. The array is the response's own from then on.
    ///
    /// @param mimetype such as `image/png`; a text's charset is added
    public static Response bytes(byte[] content, String mimetype) {
        return new Response(content, MimeTypes.contentType(mimetype));
    }

    /// A response of a value as JSON, 200.
    ///
    /// @throws IllegalArgumentException if the value can't be written
    public static Response json(Object value) {
        return json(value, JsonCodec.jackson());
    }

    /// The same, by another library.
    ///
    /// @throws IllegalArgumentException if the value can't be written
    public static Response json(Object value, JsonCodec codec) {
        return new Response(codec.write(value), "application/json");
    }

    /// A response that is written while it is sent, 200.
    ///
    /// @param mimetype such as `text/csv`; a text's charset is added
    public static Response stream(String mimetype, Body.Content content) {
        return new Response(Body.stream(content), MimeTypes.contentType(mimetype));
    }

    /// A response whose chunks are asked for one at a time, 200.
    ///
    /// @param mimetype such as `text/csv`; a text's charset is added
    public static Response chunks(String mimetype, Iterable<byte[]> chunks) {
        return new Response(Body.chunks(chunks), MimeTypes.contentType(mimetype));
    }

    /// Server-sent events that a program sends, 200, for as long as the client listens: see [EventStream]. Caches and
    /// nginx's buffers are told to leave it alone. After 15 silent seconds, a heartbeat is sent.
    public static Response events(Request request, EventStream.Program program) {
        return events(request, EventStream.HEARTBEAT, program);
    }

    /// The same with another heartbeat.
    ///
    /// @param heartbeat how long the stream is silent at most
    /// @throws IllegalArgumentException if the heartbeat isn't positive
    public static Response events(Request request, Duration heartbeat, EventStream.Program program) {
        return events(EventStream.body(request.environ(), heartbeat, program));
    }

    /// The events of a topic, 200, for as long as the client listens; first those that it has missed.
    ///
    /// @throws dev.loomgate.toolkit.exceptions.ServiceUnavailable if as many listen as may
    public static Response events(Request request, Topic topic) {
        return events(topic.body(request.environ()));
    }

    private static Response events(Body body) {
        return new Response(body, "text/event-stream")
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no");
    }

    /// A whole file, 200, with the type that its name stands for. It is opened when it is sent.
    ///
    /// @throws java.nio.file.NoSuchFileException if there is none
    /// @throws IOException if it can't be looked at, or isn't a file
    public static Response file(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("not a file: " + path);
        }
        return file(path, Files.size(path));
    }

    /// The same for who knows the file's length: it isn't looked at before it is sent. If it is shorter
    /// then, the response fails.
    ///
    /// @throws IllegalArgumentException if the length is negative
    public static Response file(Path path, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("a file's length is not negative: " + length);
        }
        Body body = new Body.FileBody(path, 0, length, Body.NOTHING);
        String name = String.valueOf(path.getFileName());
        Response response = new Response(body, MimeTypes.contentType(MimeTypes.ofFile(name)));
        response.headers.add("Content-Length", Long.toString(length));
        return response;
    }

    /// A file as a client should get it: with its name, ETag and date, kept by caches but asked for each time;
    /// just the ranges that are asked for, and 304 if the client has it. Werkzeug's `send_file`.
    ///
    /// @throws java.nio.file.NoSuchFileException if there is none
    /// @throws IOException if it can't be looked at, or isn't a file
    public static Response sendFile(Path path, Request request) throws IOException {
        Instant modified = Files.getLastModifiedTime(path).toInstant();
        Response response = file(path);
        long length = Conditional.length(response.body);
        return response.etag(ETag.strong(Long.toHexString(modified.toEpochMilli()) + "-" + Long.toHexString(length)))
                .lastModified(modified)
                .cacheControl(CacheControl.NONE.with("no-cache"))
                .header("Content-Disposition", Disposition.format("inline", String.valueOf(path.getFileName())))
                .makeConditional(request);
    }

    /// A redirect that makes the client GET another URL: 303.
    ///
    /// @param location absolute, or relative to the request's URL; any character in it is quoted as needed
    public static Response redirect(String location) {
        return redirect(location, 303);
    }

    /// A redirect with another status: 301, 302, 303, 307 or 308.
    ///
    /// @throws IllegalArgumentException if the status is none of them
    public static Response redirect(String location, int status) {
        switch (status) {
            case 301, 302, 303, 307, 308 -> {}
            default -> throw new IllegalArgumentException("not the status of a redirect: " + status);
        }
        Response response = html(HtmlPages.redirectPage(location)).status(status);
        response.headers.add("Location", Iri.toUri(location));
        return response;
    }

    /// No content: 204.
    public static Response empty() {
        return new Response("", 204);
    }

    /// Sets the status.
    ///
    /// @throws IllegalArgumentException if it isn't in 200 to 599
    public Response status(int code) {
        return status(Status.of(code));
    }

    /// Sets the status with a reason of its own.
    ///
    /// @throws IllegalArgumentException if it isn't in 200 to 599
    public Response status(Status status) {
        if (status.code() < 200) {
            throw new IllegalArgumentException("a response's status is in 200 to 599, not " + status.code());
        }
        this.status = status;
        return this;
    }

    /// Sets a header, in place of others of that name.
    ///
    /// @throws IllegalArgumentException if the name is no token or the value has a control character
    public Response header(String name, String value) {
        headers.set(name, isLocation(name) ? Iri.toUri(value) : value);
        return this;
    }

    /// Adds a header to those of that name.
    ///
    /// @throws IllegalArgumentException if the name is no token or the value has a control character
    public Response addHeader(String name, String value) {
        headers.add(name, isLocation(name) ? Iri.toUri(value) : value);
        return this;
    }

    /// Sets the body's type, as `image/png`; a text's charset is added. For a whole Content-Type, set the header.
    public Response mimetype(String mimetype) {
        headers.set("Content-Type", MimeTypes.contentType(mimetype));
        return this;
    }

    /// Makes the client save the body in a file of this name instead of showing it.
    public Response attachment(String filename) {
        return header("Content-Disposition", Disposition.format("attachment", filename));
    }

    /// Sets the tag that names this version of the resource.
    public Response etag(ETag etag) {
        return header("ETag", etag.toString());
    }

    /// Sets a tag made from the body, if that is in memory and there is no tag yet.
    public Response addEtag() {
        if (!headers.contains("ETag")) {
            switch (body) {
                case Body.Bytes bytes -> etag(ETag.strong(digest(bytes.content())));
                case Body.Text text -> etag(ETag.strong(digest(text.encoded())));
                case Body.Chunks _, Body.FileBody _, Body.Stream _, Body.WebSocketBody _ -> {}
            }
        }
        return this;
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 15));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Sets when the resource last changed. A time that no HTTP-date can express, such as a file's in the year
    /// 30000, is left out.
    public Response lastModified(Instant time) {
        if (HttpDate.names(time)) {
            return header("Last-Modified", HttpDate.format(time));
        }
        headers.remove("Last-Modified");
        return this;
    }

    /// Sets how long the response may be kept, and by whom.
    public Response cacheControl(CacheControl control) {
        return header("Cache-Control", control.toString());
    }

    /// Makes the response what the request's conditions and ranges want: 304 if the client has this version, 412
    /// if it wants another one, 206 with the parts that it asks for, 416 if there are none; else leaves it alone.
    /// For GET and HEAD, and a response of 200 that has all it should have: its ETag first of all.
    ///
    /// Source: RFC 9110 sections 13.2.2 and 14.2.
    public Response makeConditional(Request request) {
        Conditional.apply(request, this);
        return this;
    }

    /// Sets a cookie.
    public Response cookie(Cookie cookie) {
        headers.add("Set-Cookie", cookie.header());
        return this;
    }

    /// Runs `action` when the response has been sent, or has failed to be.
    public Response onClose(Runnable action) {
        body = body.onClose(action);
        return this;
    }

    public Status status() {
        return status;
    }

    /// The headers, to be read and changed.
    public Headers headers() {
        return headers;
    }

    /// The first header of that name.
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /// The ETag, if there is one that can be read.
    public Optional<ETag> etag() {
        return headers.first("ETag").flatMap(header -> IfRange.parse(header).etag());
    }

    /// When the resource last changed, to the second.
    public Optional<Instant> lastModified() {
        return headers.first("Last-Modified").flatMap(HttpDate::parse);
    }

    /// Another body, of so many bytes.
    Response body(Body other, long length) {
        body = other;
        return header("Content-Length", Long.toString(length));
    }

    /// Makes it an error's page, with the headers that tell of the resource.
    Response fail(int code) {
        HttpException error = HttpException.of(code);
        byte[] page = error.page().getBytes(StandardCharsets.UTF_8);
        Body before = body;
        headers.remove("Content-Encoding");
        return status(code)
                .header("Content-Type", "text/html; charset=utf-8")
                .body(Body.bytes(page).onClose(before::close), page.length);
    }

    /// The body. The caller must close it.
    public Body body() {
        return body;
    }

    /// Answers the request.
    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        Headers sent = headers.copy();
        boolean bodiless = status.bodiless();
        if (bodiless) {
            stripEntity(sent);
        }
        startResponse.start(status, sent);
        if (status.code() == 304 || (!bodiless && environ.method().equals("HEAD"))) {
            return UnsentBody.of(body, headers);
        }
        return bodiless ? closingOnly(body) : body;
    }

    private void stripEntity(Headers sent) {
        if (status.code() == 304) {
            for (String name : NOT_IN_304) {
                sent.remove(name);
            }
        } else {
            sent.remove("Content-Length");
        }
    }

    // What isn't sent is closed all the same.
    private static Body closingOnly(Body body) {
        return body instanceof Body.Bytes bytes && bytes.closing() == Body.NOTHING
                ? Body.empty()
                : Body.empty().onClose(body::close);
    }

    private static boolean isLocation(String name) {
        return name.equalsIgnoreCase("Location") || name.equalsIgnoreCase("Content-Location");
    }

    /// `200 OK, text/plain; charset=utf-8`
    @Override
    public String toString() {
        return status + ", " + headers.first("Content-Type").orElse("no type");
    }
}
