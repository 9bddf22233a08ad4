package dev.loomgate.cli.ctl;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One request to a control socket: HTTP/1.0, whose answer ends with the connection. The JDK's HTTP client speaks over
/// no unix socket.
final class ControlClient {
    private static final int OK = 200;
    private static final int MOST_LINE_BYTES = 8192;
    private static final int BUFFER_BYTES = 8192;

    private ControlClient() {}

    /// Asks, and prints the answer as it comes: to `out`, or to `err` if it isn't the one that was wanted: as a
    /// line that says who says so, or as JSON. Ends when nobody reads that any more.
    ///
    /// @param path as the request line has it
    /// @return the answer's status
    /// @throws Unreachable if there is no server, or no answer
    static int ask(Path socket, String method, String path, boolean json, PrintStream out, PrintStream err)
            throws Unreachable {
        try (SocketChannel channel = connect(socket)) {
            String head = "%s %s HTTP/1.0\r\nHost: localhost\r\nAccept: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(method, path, json ? "application/json" : "text/plain");
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
            int status = status(line(in));
            while (!line(in).isEmpty()) {
                // No header field is needed.
            }
            if (status != OK && !json) {
                err.print("loomgate ctl: ");
            }
            copy(in, status == OK ? out : err);
            return status;
        } catch (IOException e) {
            throw new Unreachable(socket + ": the server has ended the connection: " + e.getMessage(), e);
        }
    }

    private static SocketChannel connect(Path socket) throws Unreachable {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            throw new Unreachable(socket + ": " + reason(socket, e), e);
        }
    }

    private static String reason(Path socket, Exception e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof AccessDeniedException || message.contains("Permission denied")) {
            return "permission denied: only the user that the server runs as may control it";
        }
        if (!Files.exists(socket)) {
            return "there is no such socket (--control)";
        }
        return message.contains("refused")
                ? "no server listens there (--control)"
                : "it can't be connected to: " + message;
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("it isn't a control socket: its answer is no HTTP");
        }
        return Integer.parseInt(words[1]);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n' && line.size() < MOST_LINE_BYTES) {
            line.write(next);
            next = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private static void copy(InputStream in, PrintStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int count = in.read(buffer);
        // Until the reader has gone, too: `loomgate ctl logs -f | head` would have no end.
        while (count >= 0) {
            to.write(buffer, 0, count);
            if (to.checkError()) {
                return;
            }
            count = in.read(buffer);
        }
    }
}
