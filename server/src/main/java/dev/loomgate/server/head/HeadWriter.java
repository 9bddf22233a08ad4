package dev.loomgate.server.head;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;

/// Encodes a response's head into an array that is used again for the next one. One per loop, loop side only.
///
/// ```
///  HTTP/1.1 200 OK CRLF
///  the application's fields, without those that are the connection's business
///  the protocol's fields
///  CRLF
/// ```
public final class HeadWriter implements BiConsumer<String, String> {
    private static final byte[] OK_LINE = ascii("HTTP/1.1 200 OK\r\n");
    private static final byte[] PROTOCOL = ascii("HTTP/1.1 ");
    private static final byte[] CGI_OK_LINE = ascii("Status: 200 OK\r\n");
    private static final byte[] CGI_STATUS = ascii("Status: ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");

    private byte[] bytes = new byte[1024];
    private int length;
    private int fields;
    private boolean hasDate;
    private boolean hasServer;
    private boolean wantsClose;

    /// The bytes of a text that is plain ASCII.
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Begins a head with the status line and the application's fields.
    public void begin(Status status, Headers headers) {
        begin(status, headers, OK_LINE, PROTOCOL);
    }

    /// Begins a head as CGI has it (RFC 3875 section 6.3.3), whose first field is the status: `Status: 200 OK`.
    public void beginCgi(Status status, Headers headers) {
        begin(status, headers, CGI_OK_LINE, CGI_STATUS);
    }

    private void begin(Status status, Headers headers, byte[] okLine, byte[] beginning) {
        length = 0;
        fields = 0;
        hasDate = false;
        hasServer = false;
        wantsClose = false;
        if (status.code() == 200 && status.reason().equals("OK")) {
            append(okLine);
        } else {
            append(beginning);
            append(Integer.toString(status.code()));
            append((byte) ' ');
            append(status.reason());
            endLine();
        }
        headers.forEach(this);
    }

    /// Whether the application's fields had a Date.
    public boolean hasDate() {
        return hasDate;
    }

    /// Whether the application's fields had a Server.
    public boolean hasServer() {
        return hasServer;
    }

    /// Whether the application asked for the connection's end: `Connection: close`.
    public boolean wantsClose() {
        return wantsClose;
    }

    /// Appends one of the application's fields, unless it is about the connection or the framing: those are the
    /// server's.
    @Override
    public void accept(String name, String value) {
        switch (name.length()) {
            case 2 -> {
                if (name.equalsIgnoreCase("TE")) {
                    return;
                }
            }
            case 4 -> hasDate |= name.equalsIgnoreCase("Date");
            case 6 -> hasServer |= name.equalsIgnoreCase("Server");
            case 7 -> {
                if (name.equalsIgnoreCase("Trailer") || name.equalsIgnoreCase("Upgrade")) {
                    return;
                }
            }
            case 10 -> {
                if (name.equalsIgnoreCase("Connection")) {
                    wantsClose |= value.equalsIgnoreCase("close");
                    return;
                }
                if (name.equalsIgnoreCase("Keep-Alive")) {
                    return;
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("Content-Length")) {
                    return;
                }
            }
            case 16 -> {
                if (name.equalsIgnoreCase("Proxy-Connection")) {
                    return;
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("Transfer-Encoding")) {
                    return;
                }
            }
            default -> {}
        }
        fields++;
        append(name);
        append((byte) ':');
        append((byte) ' ');
        append(value);
        endLine();
    }

    /// Appends the content's length.
    public void contentLength(long content) {
        fields++;
        append(CONTENT_LENGTH);
        if (content < 10) {
            append((byte) ('0' + content));
        } else {
            append(Long.toString(content));
        }
        endLine();
    }

    /// Appends a field with its line end, as bytes.
    public void field(byte[] line) {
        fields++;
        append(line);
    }

    private void append(byte[] some) {
        makeRoom(some.length);
        System.arraycopy(some, 0, bytes, length, some.length);
        length += some.length;
    }

    /// Ends the head.
    public void end() {
        endLine();
    }

    /// The number of fields that have been written.
    public int fields() {
        return fields;
    }

    /// The length of what has been written.
    public int length() {
        return length;
    }

    /// Copies what has been written.
    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes, 0, length);
    }

    // Headers and statuses hold latin-1 only, whose bytes are the characters' low ones: the fastest way to encode them.
    @SuppressWarnings("deprecation")
    private void append(String latin1) {
        int count = latin1.length();
        makeRoom(count);
        latin1.getBytes(0, count, bytes, length);
        length += count;
    }

    private void append(byte one) {
        makeRoom(1);
        bytes[length++] = one;
    }

    private void endLine() {
        makeRoom(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void makeRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
