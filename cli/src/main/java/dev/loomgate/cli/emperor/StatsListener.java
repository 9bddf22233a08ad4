package dev.loomgate.cli.emperor;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where each connection gets the emperor's state, as JSON, and is closed.
final class StatsListener implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private static final long CLIENT_SECONDS = 4; // uWSGI's socket-timeout

    private final ServerSocketChannel channel;
    private final ListenAddress address;
    private final @Nullable Path file;

    private StatsListener(ServerSocketChannel channel, ListenAddress address, @Nullable Path file) {
        this.channel = channel;
        this.address = address;
        this.file = file;
    }

    /// @throws ServerStartException with a line for the operator
    static StatsListener bind(ListenAddress address) throws ServerStartException {
        try {
            SocketAddress at = address.socketAddress();
            Path file = at instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
            if (file != null && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
                Files.deleteIfExists(file); // as uWSGI does
            }
            ServerSocketChannel channel =
                    file == null ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(at);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            LOG.log(Level.INFO, () -> "emperor: statistics at " + (file == null ? local(channel) : file));
            return new StatsListener(channel, address, file);
        } catch (IOException | RuntimeException e) {
            throw new ServerStartException("--emperor-stats %s: %s".formatted(address, e.getMessage()), e);
        }
    }

    private static String local(ServerSocketChannel channel) {
        return channel.socket().getInetAddress().getHostAddress() + ":"
                + channel.socket().getLocalPort();
    }

    void start(Supplier<String> json) {
        Thread.ofPlatform().daemon().name("loomgate-emperor-stats").start(() -> serve(json));
    }

    private void serve(Supplier<String> json) {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                // One that reads nothing delays no other one.
                Thread.ofVirtual().start(() -> answer(client, json.get()));
            } catch (AsynchronousCloseException e) {
                return;
            } catch (IOException e) {
                LOG.log(Level.WARNING, "emperor: {0}: {1}", address, e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(SocketChannel client, String json) {
        CompletableFuture.delayedExecutor(CLIENT_SECONDS, TimeUnit.SECONDS).execute(() -> closeQuietly(client));
        try (client) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "who asked has gone: {0}", e.getMessage());
        }
    }

    private static void closeQuietly(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection ends: {0}", e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: {1}", address, e.getMessage());
        }
    }
}
