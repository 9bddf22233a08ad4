package dev.loomgate.python.differential;

import dev.loomgate.testkit.client.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads answers from a connection, right ones and wrong ones.
final class AnswerReader {
    private static final int MOST_SHOWN = 200;

    private final RawClient client;
    private byte[] received = {};
    private int at;

    AnswerReader(RawClient client) {
        this.client = client;
    }

    /// The next answer.
    ///
    /// @param toTheEnd whether the connection is to end after it
    Answer read(boolean head, boolean toTheEnd) throws IOException {
        List<String> notes = new ArrayList<>();
        String status;
        List<String> fields;
        try {
            status = line();
            fields = fields();
            while (status.matches("HTTP/1\\.[01] 1\\d\\d( .*)?")) {
                notes.add("(after " + status.substring(9) + ")");
                status = line();
                fields = fields();
            }
        } catch (EOFException e) {
            notes.add("connection closed without a reply");
            return Answer.none(String.join(" ", notes));
        } catch (SocketTimeoutException e) {
            return Answer.none("no reply in time");
        }
        if (!status.startsWith("HTTP/1.")) {
            return Answer.none("no answer of HTTP: " + status);
        }
        Answer empty = new Answer(status.substring(9), fields, new byte[0], notes, false, Duration.ZERO);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean bodiless = head || empty.status().matches("(1\\d\\d|204|304)( .*)?");
        String length = bodiless ? "0" : empty.field("Content-Length");
        boolean chunked = empty.field("Transfer-Encoding").equalsIgnoreCase("chunked");
        long begun = 0;
        boolean framed = chunked || length.matches("\\d+");
        boolean persistent = framed && persistent(status, empty.field("Connection"));
        try {
            if (at < received.length || (framed && !chunked && length.equals("0")) || fill()) {
                begun = System.nanoTime();
            }
            if (chunked && !bodiless) {
                chunks(body);
            } else if (framed) {
                take(Integer.parseInt(length), body);
            } else {
                drain(body);
            }
        } catch (EOFException e) {
            notes.add("(cut off)");
            persistent = false;
        } catch (SocketTimeoutException e) {
            notes.add("(not complete in time)");
        } catch (NumberFormatException e) {
            notes.add("(broken chunks)");
        }
        Duration spread = Duration.ofNanos(begun == 0 ? 0 : System.nanoTime() - begun);
        if (toTheEnd || !persistent) {
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            try {
                drain(rest);
            } catch (SocketTimeoutException e) {
                notes.add("(connection isn't closed)");
            }
            if (rest.size() > MOST_SHOWN) {
                notes.add("(and " + rest.size() + " bytes after it)");
            } else if (rest.size() > 0) {
                notes.add("(and after it: "
                        + rest.toString(StandardCharsets.ISO_8859_1).strip() + ")");
            }
        }
        return new Answer(empty.status(), fields, body.toByteArray(), notes, persistent, spread);
    }

    private static boolean persistent(String status, String connection) {
        return status.startsWith("HTTP/1.1")
                ? !connection.equalsIgnoreCase("close")
                : connection.equalsIgnoreCase("keep-alive");
    }

    private List<String> fields() throws IOException {
        List<String> fields = new ArrayList<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            // Spaces around a value mean nothing (RFC 9110 section 5.5).
            fields.add(field.replaceFirst(":\\s*", ": ").stripTrailing());
        }
        return fields;
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            take(size, body);
            line();
        }
        fields();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().toLowerCase(Locale.ROOT), 16);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (at == received.length && !fill()) {
                throw new EOFException(line.toString(StandardCharsets.ISO_8859_1));
            }
            byte one = received[at++];
            if (one == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(one);
        }
    }

    private void take(int count, ByteArrayOutputStream into) throws IOException {
        int left = count;
        while (left > 0) {
            if (at == received.length && !fill()) {
                throw new EOFException();
            }
            int piece = Math.min(left, received.length - at);
            into.write(received, at, piece);
            at += piece;
            left -= piece;
        }
    }

    private void drain(ByteArrayOutputStream into) throws IOException {
        do {
            into.write(received, at, received.length - at);
            at = received.length;
        } while (fill());
    }

    private boolean fill() throws IOException {
        try {
            received = client.receive(65536);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset: what came before it has been read.
            received = new byte[0];
        }
        at = 0;
        return received.length > 0;
    }
}
