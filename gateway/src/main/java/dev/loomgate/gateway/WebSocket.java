package dev.loomgate.gateway;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One WebSocket, as the application that has accepted it uses it: blocking calls in the request's microthread.
///
/// ```java
/// Application echo = (environ, startResponse) -> environ.webSocket()
///         .orElseThrow(() -> new IllegalStateException("not a WebSocket request"))
///         .accept(startResponse, socket -> {
///             while (socket.receive() instanceof WebSocket.Text text) {
///                 socket.send(text.content());
///             }
///         });
/// ```
///
/// **Threads.** [#receive] belongs to the thread that runs the [Handler]. Any thread may send and close, several at a
/// time; messages don't mix.
///
/// **Back pressure.** A send waits while the client is slow: at most a bounded number of bytes is kept. Between two
/// calls of `receive`, at most a bounded number of bytes is read.
///
/// **The end.** When the client closes, breaks the connection off, or violates the protocol, `receive` returns [Closed]
/// and each send throws [ClientGone]. When the handler returns, the container closes with [#NORMAL] if nobody has
/// closed yet; when it throws, with [#INTERNAL_ERROR].
///
/// Pings are answered, fragments joined and text checked to be UTF-8 by the container. An application that wants to
/// send pings itself, or hear of the client's, can where the container offers it ([#ping], [#onPing]).
/// Source: RFC 6455;
/// RFC 8441 for HTTP/2.
public interface WebSocket {
    /// What it was opened for is done.
    int NORMAL = 1000;

    /// The peer goes away: a server that stops, a page that is left.
    int GOING_AWAY = 1001;

    /// The client gave no code. Never sent.
    int NO_CODE = 1005;

    /// The connection ended without a closing handshake. Never sent.
    int ABNORMAL = 1006;

    /// A message was refused by a rule of the application's.
    int POLICY_VIOLATION = 1008;

    /// A message was too big.
    int TOO_BIG = 1009;

    /// The application failed.
    int INTERNAL_ERROR = 1011;

    /// The most bytes that a closing reason has in UTF-8 (RFC 6455 section 5.5).
    int MAX_REASON_BYTES = 123;

    /// The most bytes of data that a ping or a pong has (RFC 6455 section 5.5).
    int MAX_CONTROL_BYTES = 125;

    /// Talks with the client until it returns; may wait for as long as it likes.
    @FunctionalInterface
    interface Handler {
        /// @throws ClientGone as the socket does; may simply be passed on
        /// @throws Exception closes the socket with [#INTERNAL_ERROR]; the container logs it
        void handle(WebSocket socket) throws Exception;
    }

    /// What [#receive] returns.
    sealed interface Message {}

    /// A message of text, whole and valid.
    record Text(String content) implements Message {}

    /// A message of bytes, whole. The array belongs to the receiver; equality is that of the array's identity.
    record Binary(byte[] content) implements Message {}

    /// The end: nothing comes after it.
    ///
    /// @param code why: what the peer gave, [#NO_CODE], or [#ABNORMAL]
    /// @param reason for people to read, up to [#MAX_REASON_BYTES] in UTF-8; may be empty
    record Closed(int code, String reason) implements Message {}

    /// The next message; waits for it. Not to be called again after [Closed].
    ///
    /// @throws InterruptedException if the request's time is over, by a limit of the server or at its stop
    Message receive() throws InterruptedException;

    /// Sends a message of text.
    ///
    /// @throws ClientGone if the socket is closed, by either side
    /// @throws IllegalArgumentException if the text has a surrogate without its pair, which UTF-8 can't encode
    void send(String text) throws IOException;

    /// Sends a message of bytes; the array may be used again when it returns.
    ///
    /// @throws ClientGone if the socket is closed, by either side
    void send(byte[] bytes) throws IOException;

    /// Closes it, for both directions; does nothing if it is closed already. What was sent before arrives first.
    ///
    /// @param code [#NORMAL], or another one that [#mayBeSent]
    /// @param reason for people to read; at most [#MAX_REASON_BYTES] in UTF-8
    /// @throws IllegalArgumentException if the code may not be sent, or the reason is too long
    void close(int code, String reason);

    /// Closes it with [#NORMAL].
    default void close() {
        close(NORMAL, "");
    }

    /// Sends a ping, to which the client's answer is a pong with the same data ([#onPong]).
    ///
    /// @param data at most [#MAX_CONTROL_BYTES]; may be used again when this returns
    /// @throws ClientGone if the socket is closed, by either side
    /// @throws IllegalArgumentException if there is more data
    /// @throws UnsupportedOperationException if the container keeps pings to itself
    default void ping(byte[] data) throws IOException {
        throw new UnsupportedOperationException("this container keeps pings to itself");
    }

    /// Sends a pong: the answer to a ping, or unasked for.
    ///
    /// @param data at most [#MAX_CONTROL_BYTES]; may be used again when this returns
    /// @throws ClientGone if the socket is closed, by either side
    /// @throws IllegalArgumentException if there is more data
    /// @throws UnsupportedOperationException if the container keeps pongs to itself
    default void pong(byte[] data) throws IOException {
        throw new UnsupportedOperationException("this container keeps pongs to itself");
    }

    /// Has the client's pings told from now on, with their data, within [#receive] and by its thread, in the order in
    /// which they come among the messages. The application answers them then ([#pong]).
    ///
    /// @throws UnsupportedOperationException if the container keeps pings to itself
    default void onPing(Consumer<byte[]> action) {
        throw new UnsupportedOperationException("this container keeps pings to itself");
    }

    /// Has the client's pongs told from now on, as [#onPing] does pings; those to the container's own pings, too.
    ///
    /// @throws UnsupportedOperationException if the container keeps pongs to itself
    default void onPong(Consumer<byte[]> action) {
        throw new UnsupportedOperationException("this container keeps pongs to itself");
    }

    /// The subprotocol that was accepted, one of those that the client offered; null if none was.
    @Nullable
    String subprotocol();

    /// Whether an endpoint may close with that code: 1000 to 1003, 1007 to 1014, 3000 to 4999 (RFC 6455 section 7.4 and
    /// the registry that it founds).
    static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
