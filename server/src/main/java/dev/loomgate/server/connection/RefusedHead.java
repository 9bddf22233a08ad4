package dev.loomgate.server.connection;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.exchange.Scheme;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A request whose head was refused, as observers see it: nothing in it is believed, so it is only known who sent it.
///
/// @param remoteAddress of the client; null on a unix socket
record RefusedHead(@Nullable String remoteAddress) implements ObservedRequest, Variables {
    private static final String REMOTE_ADDR = "REMOTE_ADDR";

    static RefusedHead on(Channel channel) {
        return new RefusedHead(ConnectionFacts.of(channel, Scheme.HTTP).remoteAddress());
    }

    @Override
    public Variables variables() {
        return this;
    }

    @Override
    public @Nullable Object get(String key) {
        return key.equals(REMOTE_ADDR) ? remoteAddress : null;
    }

    @Override
    public void forEach(BiConsumer<? super String, Object> action) {
        if (remoteAddress != null) {
            action.accept(REMOTE_ADDR, remoteAddress);
        }
    }

    @Override
    public @Nullable Map<String, String> logVariablesIfAny() {
        return null;
    }

    @Override
    public String requestId() {
        return "";
    }

    @Override
    public String toString() {
        return "a request whose head was refused";
    }
}
