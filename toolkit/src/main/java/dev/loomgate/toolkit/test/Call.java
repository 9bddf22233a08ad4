package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.syntax.QueryString;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// A request that a [Client] is going to send.
public final class Call {
    private final Client client;
    private final String method;
    private final String path;
    private final StringBuilder query = new StringBuilder();
    private final Headers headers = new Headers();
    private final MultipartBody multipart = new MultipartBody();
    private byte[] body = new byte[0];
    private boolean chunked;
    private boolean follow;
    private Consumer<byte[]> received = _ -> {};

    Call(Client client, String method, String target) {
        this.client = client;
        this.method = method;
        int question = target.indexOf('?');
        path = question < 0 ? target : target.substring(0, question);
        query.append(question < 0 ? "" : target.substring(question + 1));
    }

    /// Sets a header.
    public Call header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /// Adds a parameter to the query.
    public Call query(String name, String value) {
        QueryString.append(name, value, query);
        return this;
    }

    /// A form of these alternating names and values as the body.
    ///
    /// @throws IllegalArgumentException if their number is odd
    public Call form(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, not " + namesAndValues.length);
        }
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            QueryString.append(namesAndValues[i], namesAndValues[i + 1], form);
        }
        return body(form.toString().getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded");
    }

    /// Adds a file to a multipart form, as a browser uploads it; with what [#field] adds, the body.
    public Call file(String name, String filename, String contentType, byte[] content) {
        return body(multipart.file(name, filename, contentType, content));
    }

    /// Adds a field to a multipart form; with what [#file] adds, the body.
    public Call field(String name, String value) {
        return body(multipart.field(name, value));
    }

    private Call body(MultipartBody form) {
        return body(form.bytes(), form.contentType());
    }

    /// A value in JSON as the body.
    public Call json(Object value) {
        return body(JsonCodec.jackson().write(value), "application/json");
    }

    /// These bytes as the body.
    public Call body(byte[] bytes, String contentType) {
        body = bytes;
        headers.set("Content-Type", contentType);
        return this;
    }

    /// Sends the body in chunks, without its length.
    public Call chunked() {
        chunked = true;
        return this;
    }

    /// Calls `received` for each piece of the response's body as it comes: of a stream, what the application wrote so
    /// far. Over HTTP the pieces may be others than those that were written.
    public Call onReceived(Consumer<byte[]> received) {
        this.received = received;
        return this;
    }

    /// Follows redirects to the application's own URLs.
    public Call follow() {
        follow = true;
        return this;
    }

    /// Sends the request and receives the whole response.
    ///
    /// An exception of an application that is called directly comes out here as it is, also a checked one: in a
    /// test, it is the result. Over HTTP it is the server's 500.
    public TestResponse send() {
        return client.send(
                new Transport.Outgoing(method, target(), headers, body, chunked, (_, piece) -> received.accept(piece)),
                follow);
    }

    private String target() {
        return query.isEmpty() ? path : path + "?" + query;
    }
}
