package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/// The actions `forcecl` and `fixcl`: a response's Content-Length is what its body has. A body whose length nobody
/// knows is kept in memory until its end.
///
/// @param replaces whether it takes the place of the application's own
/// @param most bytes that are kept
record BodyLength(boolean replaces, int most) implements Action {
    private static final int DEFAULT_MOST = 16 << 20;

    /// @param argument the most bytes that are kept, which uWSGI doesn't limit; may be empty
    static BodyLength parse(String name, String argument) {
        String digits = argument.strip();
        if (!digits.isEmpty() && !digits.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("%s: '%s' is no number of bytes".formatted(name, argument));
        }
        return new BodyLength(name.equals("forcecl"), digits.isEmpty() ? DEFAULT_MOST : Integer.parseInt(digits));
    }

    @Override
    public Outcome run(Trip trip) {
        trip.bodyLength(this);
        return Outcome.NEXT;
    }

    /// What is to be sent.
    ///
    /// @param length of the body
    record Counted(Body body, long length) {}

    /// Reads as much of the body as it takes.
    ///
    /// @throws IOException if that is more than may be kept
    Counted count(Body body) throws Exception {
        return switch (body) {
            case Body.Bytes bytes -> new Counted(body, bytes.content().length);
            case Body.Text text -> {
                byte[] content = text.encoded();
                yield new Counted(Body.bytes(content).onClose(text.closing()), content.length);
            }
            case Body.FileBody file ->
                new Counted(
                        body,
                        file.length() == Body.FileBody.TO_THE_END
                                ? Math.max(0, Files.size(file.path()) - file.offset())
                                : file.length());
            case Body.Chunks chunks -> {
                Kept kept = new Kept();
                while (chunks.chunks().hasNext()) {
                    kept.write(chunks.chunks().next());
                }
                yield kept.counted(chunks.closing());
            }
            case Body.Stream stream -> {
                Kept kept = new Kept();
                stream.content().writeTo(kept);
                yield kept.counted(stream.closing());
            }
            case Body.WebSocketBody _ -> throw new IllegalArgumentException("a WebSocket has no length");
        };
    }

    private final class Kept implements BodyWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer more) throws IOException {
            if (more.remaining() > most - bytes.size()) {
                throw new IOException(
                        "a body is over %d bytes (%s:BYTES)".formatted(most, replaces ? "forcecl" : "fixcl"));
            }
            byte[] copy = new byte[more.remaining()];
            more.get(copy);
            bytes.write(copy);
        }

        Counted counted(Runnable closing) {
            return new Counted(Body.bytes(bytes.toByteArray()).onClose(closing), bytes.size());
        }
    }
}
