package dev.loomgate.server;

import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.http3.QuicListener;
import dev.loomgate.server.http3.QuicTls;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.tls.Certificates;
import dev.loomgate.server.tls.QuicContexts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The UDP ports of a server beside its listeners for HTTPS. Where HTTP/3 isn't asked for, there are none, and none of
/// QUIC's classes is loaded.
final class Http3Listeners {
    private static final String TLS_1_3 = "TLSv1.3";

    private final Http3Options options;
    private final @Nullable QuicTls tls;
    private final List<QuicListener> listeners = new ArrayList<>();

    private Http3Listeners(Http3Options options, @Nullable QuicTls tls) {
        this.options = options;
        this.tls = tls;
    }

    /// Looks whether HTTP/3 can be spoken, if it is to be.
    ///
    /// @throws ServerStartException if it can't
    static Http3Listeners of(ServerOptions options, List<ListenAddress> addresses) throws ServerStartException {
        if (!options.http3().http3()) {
            return new Http3Listeners(options.http3(), null);
        }
        if (addresses.stream().noneMatch(each -> each.protocol() == ListenAddress.Protocol.HTTPS)) {
            throw wrong(options, "needs a listener for HTTPS (%s)".formatted(options.nameOf("ListenAddress.https")));
        }
        if (!options.tls().versions().contains(TLS_1_3)) {
            throw wrong(options, "needs TLSv1.3 (%s)".formatted(options.nameOf("tlsVersions")));
        }
        try {
            QuicListener.require();
        } catch (IOException e) {
            throw wrong(options, "can't be spoken here: " + e.getMessage());
        }
        return new Http3Listeners(options.http3(), new QuicTls());
    }

    private static ServerStartException wrong(ServerOptions options, String why) {
        return new ServerStartException(new InvalidSetting("http3", why).message(options.settingNames()));
    }

    /// Makes what the certificates are within QUIC; null where that isn't spoken.
    @Nullable
    QuicContexts contexts() {
        return tls;
    }

    /// Binds one beside a listener that is bound. Blocks.
    ///
    /// @throws IOException if that fails; the message is a line for the operator
    void bind(ListenAddress beside, LoopGroup group) throws IOException {
        if (tls != null && beside.protocol() == ListenAddress.Protocol.HTTPS && beside.place() instanceof Place.Tcp) {
            listeners.add(QuicListener.bind(beside, group.next(), group.transport(), options));
        }
    }

    /// Says who answers, and with which certificates.
    void serve(List<ServerLoop> loops, Supplier<Certificates> certificates) {
        QuicTls within = tls;
        if (within == null) {
            return;
        }
        within.use(certificates.get());
        for (QuicListener listener : listeners) {
            loops.stream().filter(each -> each.loop() == listener.loop()).forEach(each -> listener.serve(each, within));
        }
    }

    /// What responses of a listener for HTTPS say of HTTP/3 (RFC 7838 section 3); empty where there is none beside it.
    Optional<String> altSvc(ListenAddress address) {
        OptionalInt port = listeners.stream()
                .filter(each -> each.address().equals(address))
                .mapToInt(each -> ((Place.Tcp) each.address().place()).port())
                .findFirst();
        return port.isEmpty()
                ? Optional.empty()
                : Optional.of("h3=\":%d\"; ma=86400"
                        .formatted(options.altSvcPort() == 0 ? port.getAsInt() : options.altSvcPort()));
    }

    List<? extends Listener> all() {
        return listeners;
    }

    /// Closes the sockets: their connections have ended, or end now. Blocks.
    void end() {
        for (QuicListener each : listeners) {
            each.end();
        }
    }
}
