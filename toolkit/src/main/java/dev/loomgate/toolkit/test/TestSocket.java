package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The client's end of a WebSocket that the application has accepted: what [Client#webSocket] gives.
///
/// ```java
/// try (TestSocket socket = client.webSocket("/chat")) {
///     socket.send("hello");
///     assertThat(socket.receiveText()).isEqualTo("hello");
/// }
/// ```
/// For one test's thread at a time. A [#receive] that nothing comes for within 20 seconds is an exception.
public interface TestSocket extends AutoCloseable {
    /// How long a receive waits.
    Duration LIMIT = Duration.ofSeconds(20);

    /// Sends a message of text.
    ///
    /// @throws ClientGone if the socket is closed
    void send(String text) throws IOException;

    /// Sends a message of bytes.
    ///
    /// @throws ClientGone if the socket is closed
    void send(byte[] bytes) throws IOException;

    /// The application's next message, or the end with the code that it closed with.
    ///
    /// @throws IllegalStateException if nothing comes in time
    /// @throws Exception in process, what the application's handler has thrown, as it is
    WebSocket.Message receive() throws Exception;

    /// The application's next message, which is text.
    ///
    /// @throws IllegalStateException if it isn't, or nothing comes in time
    /// @throws Exception as [#receive]
    default String receiveText() throws Exception {
        WebSocket.Message message = receive();
        if (message instanceof WebSocket.Text text) {
            return text.content();
        }
        throw new IllegalStateException("the application sent no text but " + message);
    }

    /// Closes the client's side; the application receives that code. Does nothing if either side has closed.
    void close(int code, String reason);

    /// The subprotocol that the application has chosen; null if none.
    @Nullable
    String subprotocol();

    /// Closes with [WebSocket#NORMAL], and waits for the application's end. In process, what the handler has
    /// thrown and no receive has comes out here as it is.
    ///
    /// @throws IllegalStateException if it doesn't end in time
    @Override
    void close();
}
