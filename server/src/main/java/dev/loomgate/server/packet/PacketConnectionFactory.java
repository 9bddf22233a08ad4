package dev.loomgate.server.packet;

import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.bind.RefusedPeers;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the connections of a protocol that brings CGI variables have in common, on one loop.
public abstract class PacketConnectionFactory implements ConnectionFactory {
    private final ServerLoop serverLoop;
    private final Protocol protocol;
    private final String name;
    private final Limits limits;
    private final Shared shared;

    /// What the loops of a listener share.
    ///
    /// @param allowed who may connect over TCP
    /// @param refused remembers who was refused
    /// @param withoutMethod remembers whether a request without a method was told of
    public record Shared(AllowedPeers allowed, RefusedPeers refused, AtomicBoolean withoutMethod) {
        /// That of a new listener.
        public static Shared with(AllowedPeers allowed) {
            return new Shared(allowed, new RefusedPeers(), new AtomicBoolean());
        }
    }

    protected PacketConnectionFactory(ServerLoop serverLoop, Protocol protocol, Shared shared) {
        this.serverLoop = serverLoop;
        this.protocol = protocol;
        this.name = protocol.name().toLowerCase(Locale.ROOT);
        this.limits = serverLoop.options().limits(protocol);
        this.shared = shared;
    }

    @Override
    public final ServerLoop serverLoop() {
        return serverLoop;
    }

    /// As log lines begin with it, and as nginx's directive does: `uwsgi`.
    public final String name() {
        return name;
    }

    public final Limits limits() {
        return limits;
    }

    /// The setting that a timeout of the limits is from.
    ///
    /// @param inLimits the timeout's name there
    public final String timeoutSetting(String inLimits) {
        return serverLoop.options().timeoutSetting(protocol, inLimits);
    }

    /// Whether that peer may connect over TCP.
    public final boolean allows(InetAddress peer) {
        return shared.allowed().allows(peer);
    }

    /// Whether the log is to name a peer that was refused now.
    public final boolean isNews(InetAddress peer) {
        return shared.refused().isNews(peer, System.nanoTime());
    }

    /// The line for the operator about a request without a method; empty if somebody was told already, on any loop.
    public final String lineWithoutMethod() {
        return !shared.withoutMethod().get() && shared.withoutMethod().compareAndSet(false, true)
                ? "%s: packet without REQUEST_METHOD, taken for GET as all such ones are (nginx: include %s_params)"
                        .formatted(name, name)
                : "";
    }
}
