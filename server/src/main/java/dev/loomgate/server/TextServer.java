package dev.loomgate.server;

import dev.loomgate.loop.LoopGroup;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.listen.TextListener;
import java.io.IOException;
import java.util.concurrent.Callable;

/// Sends each client a text that is made when it connects, and closes the connection: uWSGI's statistics socket.
///
/// ```java
/// try (TextServer statistics = TextServer.bind(place, 0660)) {
///     statistics.serve(() -> json(), false);
///     ...
/// }
/// ```
///
/// It has a loop of its own, so that it answers while a server's loops are held or have no room. It has 64 clients at a
/// time, and each has 10 seconds; others wait in the kernel's queue.
///
/// Its methods may be called by any thread that isn't its loop.
public final class TextServer implements AutoCloseable {
    private final LoopGroup group;
    private final TextListener listener;

    private TextServer(LoopGroup group, TextListener listener) {
        this.group = group;
        this.listener = listener;
    }

    /// Binds the place; clients wait until [#serve].
    ///
    /// @param place no open socket
    /// @param socketMode permission bits of a unix socket
    /// @throws ServerStartException if that can't be, with one line for the operator
    /// @throws IllegalArgumentException if the place is an open socket
    public static TextServer bind(Place place, int socketMode) throws ServerStartException {
        LoopGroup group = LoopGroup.builder().start();
        try {
            return new TextServer(group, TextListener.bind(place, group.next(), socketMode));
        } catch (IOException e) {
            group.close();
            throw new ServerStartException("can't listen on " + e.getMessage(), e);
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /// Where it listens, with the real port.
    public Place place() {
        return listener.place();
    }

    /// Answers clients from now on. Once.
    ///
    /// @param text is run in a microthread for each client, and may wait; if it throws, that is logged and the
    ///     client gets nothing
    /// @param afterRequest whether a client is heard before it is answered, as HTTP clients expect. What it sends
    ///     is not looked at
    public void serve(Callable<byte[]> text, boolean afterRequest) {
        listener.accept(text, afterRequest);
    }

    /// Answers no more.
    @Override
    public void close() {
        listener.close();
        group.close();
    }
}
