package dev.loomgate.server;

import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.peers.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// An HTTP client that sends what it is told, byte by byte, and reads answers one after the other.
final class HttpPeer implements AutoCloseable {
    private final RawClient client;
    private byte[] received = {};
    private int at;

    private HttpPeer(RawClient client) {
        this.client = client;
    }

    /// An answer: `names` in lower case; repeated fields joined by a line feed.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, Map<String, String> fields, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    /// A connection to the server's first address.
    static HttpPeer to(Server server) throws IOException {
        return to(server.addresses().getFirst());
    }

    /// A connection to that address.
    static HttpPeer to(ListenAddress address) throws IOException {
        return new HttpPeer(RawClient.connect(addressOf(address)));
    }

    static SocketAddress addressOf(ListenAddress address) {
        return switch (address.place()) {
            case Place.Tcp tcp -> new InetSocketAddress(tcp.host(), tcp.port());
            case Place.UnixPath unix -> UnixDomainSocketAddress.of(unix.path());
            case Place.UnixAbstract unix ->
                throw new IllegalArgumentException("the JDK has no abstract sockets: " + unix);
        };
    }

    HttpPeer send(String latin1) throws IOException {
        client.send(latin1);
        return this;
    }

    HttpPeer send(byte[] bytes) throws IOException {
        client.send(bytes);
        return this;
    }

    HttpPeer sendOneByOne(String latin1) throws IOException {
        client.sendOneByOne(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    HttpPeer endOutput() throws IOException {
        client.endOutput();
        return this;
    }

    /// Sends a GET without further fields.
    HttpPeer get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /// The next answer, of a request that wasn't HEAD.
    Answer answer() throws IOException {
        return answer(true);
    }

    /// The next answer, without content whatever its head says.
    Answer headOnly() throws IOException {
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
        return new Answer(status, fields, bodiless ? new byte[0] : content(fields));
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new TreeMap<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(": ");
            fields.merge(
                    field.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
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
        endOfLine();
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
    String line() throws IOException {
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
    byte[] take(int count) throws IOException {
        byte[] taken = new byte[count];
        int done = 0;
        while (done < count) {
            if (at == received.length) {
                received = client.receive(65536);
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
    String rest() throws IOException {
        String known = new String(received, at, received.length - at, StandardCharsets.ISO_8859_1);
        at = received.length;
        return known + client.receiveText();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
