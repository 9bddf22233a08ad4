package dev.loomgate.toolkit;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.toolkit.headers.ContentRange;
import dev.loomgate.toolkit.headers.Range;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Several parts of a body as one message (RFC 9110 section 14.6).
///
/// ```
/// --boundary
/// Content-Type: text/plain
/// Content-Range: bytes 0-0/1234
///
/// x
/// --boundary--
/// ```
final class ByteRanges {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final Body whole;
    private final List<Range.Part> parts;
    private final List<byte[]> heads = new ArrayList<>();
    private final byte[] end;
    private final String boundary;

    ByteRanges(Body whole, String contentType, List<Range.Part> parts, long length) {
        this.whole = whole;
        this.parts = parts;
        // What is sent can't have been made for a boundary that nobody knew before.
        boundary = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        String type = contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n";
        for (Range.Part part : parts) {
            heads.add(("\r\n--" + boundary + "\r\n" + type + "Content-Range: " + ContentRange.of(part, length)
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        }
        end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    long contentLength() {
        return end.length
                + heads.stream().mapToLong(head -> head.length).sum()
                + parts.stream().mapToLong(Range.Part::length).sum();
    }

    Body body() {
        return Body.stream(this::writeTo).onClose(whole::close);
    }

    private void writeTo(BodyWriter writer) throws IOException {
        if (whole instanceof Body.FileBody file) {
            try (FileChannel channel = FileChannel.open(file.path())) {
                for (int i = 0; i < parts.size(); i++) {
                    writer.write(heads.get(i));
                    copy(
                            channel,
                            file.offset() + parts.get(i).begin(),
                            parts.get(i).length(),
                            writer);
                }
            }
        } else {
            byte[] bytes = whole instanceof Body.Text text ? text.encoded() : ((Body.Bytes) whole).content();
            for (int i = 0; i < parts.size(); i++) {
                writer.write(heads.get(i));
                writer.write(ByteBuffer.wrap(
                        bytes, (int) parts.get(i).begin(), (int) parts.get(i).length()));
            }
        }
        writer.write(end);
    }

    private static void copy(FileChannel channel, long from, long length, BodyWriter writer) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(length, CHUNK_BYTES));
        long done = 0;
        while (done < length) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), length - done));
            int count = channel.read(chunk, from + done);
            if (count < 0) {
                throw new EOFException("the file has become shorter while it was sent");
            }
            done += count;
            writer.write(chunk.flip());
        }
    }
}
