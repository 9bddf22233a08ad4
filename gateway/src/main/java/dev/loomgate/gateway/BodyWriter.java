package dev.loomgate.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Takes the chunks of a streamed response: what `yield` is in WSGI.
///
/// Each write hands its bytes over to the container, and waits while the client is slow: at most a bounded number of
/// bytes is kept. Called only by the thread that runs the [Body.Stream].
public interface BodyWriter {
    /// Sends the buffer's remaining bytes; they have been taken or copied when it returns.
    ///
    /// @throws ClientGone if the client has disconnected
    /// @throws IOException if the bytes exceed the Content-Length that was declared
    void write(ByteBuffer bytes) throws IOException;

    /// Sends these bytes; the array may be used again when it returns.
    default void write(byte[] bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    /// Sends the text in UTF-8.
    default void write(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// This writer as a stream; closing it does nothing.
    default OutputStream asOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                BodyWriter.this.write(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                BodyWriter.this.write(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }
}
