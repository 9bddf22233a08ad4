package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An HTTP/1.1 client that sends what it is told, byte by byte, never tries again, and reads answers one after the
/// other.
///
/// ```java
/// try (HttpPeer peer = HttpPeer.to(address)) {
///     assertThat(peer.get("/user?name=Bob").answer().text()).isEqualTo("Hello Bob!");
/// }
/// ```
public final class HttpPeer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PIECE = 8192;

    private final RawClient client;
    private byte[] received = {};
    private int at;

    private HttpPeer(RawClient client) {
        this.client = client;
    }

    /// An answer.
    ///
    /// @param fields by their names in lower case; the values of repeated ones joined by a line feed
    /// @param trailers those after the last chunk, likewise
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, Map<String, String> fields, byte[] content, Map<String, String> trailers) {
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        /// A field's value; empty where there is none.
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    /// A connection; each call has 60 seconds.
    ///
    /// @param server an `InetSocketAddress` or a `UnixDomainSocketAddress`
    public static HttpPeer to(SocketAddress server) throws IOException {
        return new HttpPeer(RawClient.connect(server, LIMIT));
    }

    /// A connection of a slow client: the kernel keeps little of what comes and hasn't been read.
    public static HttpPeer slowTo(SocketAddress server) throws IOException {
        return new HttpPeer(RawClient.connectWithSmallBuffer(server, LIMIT));
    }

    /// Sends text as latin-1.
    public HttpPeer send(String text) throws IOException {
        client.send(text);
        return this;
    }

    public HttpPeer send(byte[] bytes) throws IOException {
        client.send(bytes);
        return this;
    }

    /// Sends text as latin-1, each byte in a write of its own.
    public HttpPeer sendOneByOne(String text) throws IOException {
        client.sendOneByOne(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /// Says that nothing more will be sent.
    public HttpPeer endOutput() throws IOException {
        client.endOutput();
        return this;
    }

    /// Sends a GET without further fields.
    public HttpPeer get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /// Sends a HEAD without further fields.
    public HttpPeer head(String target) throws IOException {
        return send("HEAD " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /// Sends a POST's head, which its content has to follow.
    public HttpPeer post(String target, long length) throws IOException {
        return send("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
    }

    /// The next answer, of a request that wasn't HEAD.
    public Answer answer() throws IOException {
        return answer(true);
    }

    /// The next answer, without content whatever its head says: that of a HEAD.
    public Answer headOnly() throws IOException {
        return answer(false);
    }

    private Answer answer(boolean hasContent) throws IOException {
        String[] line = line().split(" ", 3);
        if (!line[0].equals("HTTP/1.1")) {
            throw new IOException("not a status line: " + String.join(" ", line));
        }
        int status = Integer.parseInt(line[1]);
        Map<String, String> fields = fields();
        boolean bodiless = !hasContent || status < 200 || status == 204 || status == 304; // not 205: it has a length, 0
        byte[] content = bodiless ? new byte[0] : content(fields);
        boolean chunked = !bodiless && "chunked".equals(fields.get("transfer-encoding"));
        return new Answer(status, fields, content, chunked ? fields() : Map.of());
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new TreeMap<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(": ");
            fields.merge(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 2),
                    (one, other) -> one + "\n" + other);
        }
        return fields;
    }

    private byte[] content(Map<String, String> fields) throws IOException {
        String length = fields.get("content-length");
        if (length != null) {
            return take(Integer.parseInt(length));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (!"chunked".equals(fields.get("transfer-encoding"))) {
            all.write(received, at, received.length - at);
            at = received.length;
            all.writeBytes(client.receiveAll());
            return all.toByteArray();
        }
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            all.writeBytes(take(size));
            endOfLine();
        }
        return all.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private void endOfLine() throws IOException {
        String rest = line();
        if (!rest.isEmpty()) {
            throw new IOException("a chunk isn't followed by a line's end but by " + rest);
        }
    }

    /// The next line, without its end.
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            char c = (char) (take(1)[0] & 0xff);
            if (c == '\n') {
                line.setLength(line.length() - 1);
                return line.toString();
            }
            line.append(c);
        }
    }

    /// The next bytes.
    public byte[] take(int count) throws IOException {
        byte[] taken = new byte[count];
        int done = 0;
        while (done < count) {
            if (at == received.length) {
                received = client.receive(PIECE);
                at = 0;
                if (received.length == 0) {
                    throw new EOFException("the server has ended its side after " + done + " of " + count + " bytes");
                }
            }
            int piece = Math.min(count - done, received.length - at);
            System.arraycopy(received, at, taken, done, piece);
            at += piece;
            done += piece;
        }
        return taken;
    }

    /// What comes until the server ends its side, after the answers that were read.
    public String rest() throws IOException {
        String known = new String(received, at, received.length - at, StandardCharsets.ISO_8859_1);
        at = received.length;
        return known + client.receiveText();
    }

    /// Closes by a reset: the server can't answer any more.
    public void reset() throws IOException {
        client.reset();
    }

    /// Closes at once, by a reset if something is unread.
    @Override
    public void close() throws IOException {
        client.close();
    }
}
