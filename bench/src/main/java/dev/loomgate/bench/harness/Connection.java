package dev.loomgate.bench.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client's keep-alive connection: one request at a time, blocking; for one thread.
public final class Connection implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;

    private final Socket socket;
    private final String host;

    private Connection(Socket socket, String host) {
        this.socket = socket;
        this.host = host;
    }

    static Connection plain(InetSocketAddress address) throws IOException {
        return new Connection(connected(address), hostOf(address));
    }

    /// A connection whose server may have any certificate.
    static Connection tls(InetSocketAddress address) throws IOException {
        Socket socket = connected(address);
        try {
            String host = address.getAddress().getHostAddress();
            Socket above = TrustingAll.client().getSocketFactory().createSocket(socket, host, address.getPort(), true);
            return new Connection(above, hostOf(address));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String hostOf(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    public Answer get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        return answer();
    }

    /// The same with a further field, such as `Cookie: a=b`.
    public Answer get(String path, String field) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + field + "\r\n\r\n");
        return answer();
    }

    /// Sends the head of a request with a body; the body goes to [#output].
    void beginPost(String path, int contentLength) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + contentLength + "\r\n\r\n");
    }

    OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    Answer answer() throws IOException {
        return Answer.read(socket.getInputStream());
    }

    private void send(String text) throws IOException {
        output().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
