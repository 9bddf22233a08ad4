package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Reads what a FastCGI server answers, and puts the records of each request together.
public final class FastCgiAnswers {
    private final RawClient client;
    private final Map<Integer, ByteArrayOutputStream> outputs = new HashMap<>();
    private final Map<Integer, Boolean> closed = new HashMap<>();

    public FastCgiAnswers(RawClient client) {
        this.client = client;
    }

    /// A record that has come.
    public record Answer(int type, int id, byte[] content) {}

    /// What became of a request.
    ///
    /// @param closed whether its STDOUT has had an end
    public record End(int id, byte[] output, boolean closed, int applicationStatus, int protocolStatus) {
        public String text() {
            return new String(output, StandardCharsets.ISO_8859_1);
        }

        /// What follows the head.
        public String content() {
            return text().substring(text().indexOf("\r\n\r\n") + 4);
        }
    }

    /// The next record.
    ///
    /// @throws EOFException if the server ends the connection instead
    public Answer record() throws IOException {
        byte[] header = exactly(8);
        if (header[0] != 1) {
            throw new IOException("a record of version " + header[0]);
        }
        byte[] content = exactly((header[4] & 0xff) << 8 | (header[5] & 0xff));
        exactly(header[6] & 0xff);
        return new Answer(header[1], (header[2] & 0xff) << 8 | (header[3] & 0xff), content);
    }

    /// Reads up to the next END_REQUEST.
    public End end() throws IOException {
        while (true) {
            Answer answer = record();
            ByteArrayOutputStream output = outputs.computeIfAbsent(answer.id(), id -> new ByteArrayOutputStream());
            switch (answer.type()) {
                case 6 -> {
                    output.writeBytes(answer.content());
                    closed.put(answer.id(), answer.content().length == 0);
                }
                case 3 -> {
                    outputs.remove(answer.id());
                    byte[] status = answer.content();
                    return new End(
                            answer.id(),
                            output.toByteArray(),
                            Boolean.TRUE.equals(closed.remove(answer.id())),
                            (status[2] & 0xff) << 8 | (status[3] & 0xff),
                            status[4]);
                }
                default -> throw new IOException("a record of type " + answer.type());
            }
        }
    }

    private byte[] exactly(int count) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(count);
        while (all.size() < count) {
            byte[] some = client.receive(count - all.size());
            if (some.length == 0) {
                throw new EOFException("the server has ended the connection");
            }
            all.writeBytes(some);
        }
        return all.toByteArray();
    }
}
