package dev.loomgate.bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A TCP port on 127.0.0.1, where everything measured here listens.
public record Address(int port) {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String HOST = LOOPBACK.getHostAddress();
    private static final int ANSWER_LIMIT_MILLIS = 10_000;

    /// A port that was free a moment ago.
    public static Address free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
            return new Address(probe.getLocalPort());
        }
    }

    public String url(String path) {
        return "http://" + HOST + ":" + port + path;
    }

    public String hostAndPort() {
        return HOST + ":" + port;
    }

    /// Asks for `path` on a connection of its own.
    public Answer get(String path) throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET " + path + " HTTP/1.1\r\nHost: " + hostAndPort() + "\r\n\r\n");
            return Answer.read(socket.getInputStream());
        }
    }

    public Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(LOOPBACK, port), ANSWER_LIMIT_MILLIS);
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
