package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Adds the script that refreshes the browser to the response of one request, if that is a whole page in HTML.
final class RefreshedStart implements StartResponse {
    private static final long MAX_FILE_BYTES = 4 << 20;

    private final StartResponse inner;
    private final RefreshScript script;
    private final byte[] end;
    private boolean released;
    private boolean isPage;

    RefreshedStart(StartResponse inner, RefreshScript script) {
        this.inner = inner;
        this.script = script;
        end = script.bytes();
        inner.viewedBy(this);
    }

    @Override
    public void viewedBy(StartResponse view) {
        inner.viewedBy(view);
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        if (released) {
            // An error's page in place of what was started: the container's, or one that a stream writes.
            isPage = false;
            inner.start(status, headers, cause);
            return;
        }
        isPage = status.code() != 206
                && status.code() != 204
                && status.code() != 304
                && status.code() >= 200
                && headers.first("Content-Type")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("text/html")
                && !headers.contains("Content-Encoding");
        if (isPage) {
            ScriptPolicy.allow(script.nonce(), headers);
            // The page is another one than its tag and time say, and another one each time.
            headers.remove("ETag");
            headers.remove("Last-Modified");
            headers.remove("Accept-Ranges");
            headers.set("Cache-Control", "no-store");
            headers.first("Content-Length")
                    .map(Long::parseLong)
                    .ifPresent(length -> headers.set("Content-Length", Long.toString(length + end.length)));
        }
        inner.start(status, headers, cause);
    }

    /// The application has failed: what is started now is an error's page.
    void letPass() {
        released = true;
    }

    /// The body of the response that was started, with the script at its end.
    ///
    /// @param head whether only the head is sent
    Body withScript(Body body, boolean head) {
        released = true;
        if (!isPage || head) {
            return body;
        }
        return switch (body) {
            case Body.Bytes bytes -> Body.bytes(joined(bytes.content(), end)).onClose(bytes.closing());
            case Body.Text text -> Body.bytes(joined(text.encoded(), end)).onClose(text.closing());
            case Body.Chunks chunks ->
                Body.chunks(() -> followed(chunks.chunks(), end)).onClose(chunks.closing());
            case Body.Stream stream ->
                Body.stream(writer -> {
                            stream.content().writeTo(writer);
                            if (isPage) {
                                writer.write(ByteBuffer.wrap(end));
                            }
                        })
                        .onClose(stream.closing());
            case Body.FileBody file ->
                Body.stream(writer -> write(file, writer)).onClose(file.closing());
            case Body.WebSocketBody _ -> body;
        };
    }

    private static byte[] joined(byte[] content, byte[] end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(content.length + end.length);
        all.writeBytes(content);
        all.writeBytes(end);
        return all.toByteArray();
    }

    private static Iterator<byte[]> followed(Iterator<byte[]> chunks, byte[] end) {
        Iterator<byte[]> last = List.of(end).iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return chunks.hasNext() || last.hasNext();
            }

            @Override
            public byte[] next() {
                return chunks.hasNext() ? chunks.next() : last.next();
            }
        };
    }

    // A page in a file is short; in development it need not go by sendfile.
    private void write(Body.FileBody file, BodyWriter writer) throws Exception {
        long size = Files.size(file.path()) - file.offset();
        long length = file.length() == Body.FileBody.TO_THE_END ? size : file.length();
        if (length > MAX_FILE_BYTES) {
            throw new IOException("%s: a page of %d bytes, over %d, which is too long to have the script of development"
                    .formatted(file.path(), length, MAX_FILE_BYTES));
        }
        byte[] all = Files.readAllBytes(file.path());
        int from = (int) Math.min(file.offset(), all.length);
        writer.write(ByteBuffer.wrap(Arrays.copyOfRange(all, from, (int) Math.min(all.length, from + length))));
        writer.write(ByteBuffer.wrap(end));
    }
}
