package dev.loomgate.python;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A connection over HTTP that sends what it is told and never tries again.
final class HttpPeer implements AutoCloseable {
    private static final int LIMIT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    private HttpPeer(ListenAddress address, int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        ListenAddress.Place.Tcp place = (ListenAddress.Place.Tcp) address.place();
        socket.connect(new InetSocketAddress(place.host(), place.port()), LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// An answer.
    ///
    /// @param fields by names in lower case
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, Map<String, String> fields, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /// A connection to the server's first address.
    static HttpPeer to(Server server) throws IOException {
        return new HttpPeer(server.addresses().getFirst(), 0);
    }

    /// A connection for which the kernel keeps little that hasn't been read.
    static HttpPeer slowTo(Server server) throws IOException {
        return new HttpPeer(server.addresses().getFirst(), 4096);
    }

    /// One GET on a connection of its own.
    static Answer ask(Server server, String target) throws IOException {
        try (HttpPeer peer = to(server)) {
            return peer.get(target).answer();
        }
    }

    HttpPeer send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    HttpPeer send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    HttpPeer get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    HttpPeer head(String target) throws IOException {
        return send("HEAD " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /// A POST's head, which its content has to follow.
    HttpPeer post(String target, long length) throws IOException {
        return send("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
    }

    Answer answer() throws IOException {
        return answer(true);
    }

    /// The answer to a HEAD.
    Answer headOnly() throws IOException {
        return answer(false);
    }

    private Answer answer(boolean hasContent) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, String> fields = new TreeMap<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(": ");
            fields.put(field.substring(0, colon).toLowerCase(Locale.ROOT), field.substring(colon + 2));
        }
        return new Answer(status, fields, hasContent ? content(fields) : new byte[0]);
    }

    private byte[] content(Map<String, String> fields) throws IOException {
        String length = fields.get("content-length");
        if (length != null) {
            return take(Integer.parseInt(length));
        }
        if (!"chunked".equals(fields.get("transfer-encoding"))) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.writeBytes(take(size));
            line();
        }
        line();
        return all.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server has ended its side after \"" + line + "\"");
            }
            line.append((char) c);
        }
        line.setLength(Math.max(0, line.length() - 1));
        return line.toString();
    }

    /// The next bytes.
    byte[] take(int count) throws IOException {
        byte[] taken = in.readNBytes(count);
        if (taken.length < count) {
            throw new EOFException("the server has ended its side after " + taken.length + " of " + count + " bytes");
        }
        return taken;
    }

    /// Closes by a reset: the server can't answer any more.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// Closes at once, by a reset if something is unread.
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
