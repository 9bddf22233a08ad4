package dev.loomgate.servlet;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// The connector that Jetty's requests name. It listens nowhere and has no protocol.
final class GatewayConnector extends ContainerLifeCycle implements Connector {
    private final Server server;
    private volatile boolean shutdown;

    GatewayConnector(Server server) {
        this.server = server;
    }

    @Override
    public Server getServer() {
        return server;
    }

    @Override
    public Executor getExecutor() {
        return server.getThreadPool();
    }

    @Override
    public Scheduler getScheduler() {
        return server.getScheduler();
    }

    @Override
    public ByteBufferPool getByteBufferPool() {
        return server.getByteBufferPool();
    }

    @Override
    public @Nullable ConnectionFactory getConnectionFactory(String protocol) {
        return null;
    }

    @Override
    public <T> @Nullable T getConnectionFactory(Class<T> type) {
        return null;
    }

    @Override
    public @Nullable ConnectionFactory getDefaultConnectionFactory() {
        return null;
    }

    @Override
    public Collection<ConnectionFactory> getConnectionFactories() {
        return List.of();
    }

    @Override
    public List<String> getProtocols() {
        return List.of();
    }

    @Override
    public long getIdleTimeout() {
        return 0;
    }

    @Override
    public Object getTransport() {
        return this;
    }

    @Override
    public Collection<EndPoint> getConnectedEndPoints() {
        return List.of();
    }

    @Override
    public String getName() {
        return "loomgate";
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        shutdown = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }
}
