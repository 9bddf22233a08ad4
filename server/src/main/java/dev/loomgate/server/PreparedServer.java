package dev.loomgate.server;

import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.listen.SocketListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a server is made of, before it serves: its addresses are bound, its loops run, its application is there.
record PreparedServer(
        Protocols protocols,
        ServerCertificates certificates,
        Http3Listeners http3,
        LoopGroup group,
        List<SocketListener> sockets,
        ApplicationSource.Provided provided) {
    // To find a port that is free on all addresses of a name.
    private static final int PORT_ATTEMPTS = 10;

    /// Binds the addresses first, so that a wrong one is told before the application starts, and so that who
    /// binds them may be another user than the application's; requests wait in the kernel's queue meanwhile.
    /// What fails leaves nothing behind.
    static PreparedServer prepare(ServerOptions options, List<ListenAddress> addresses, ApplicationSource source)
            throws ServerStartException {
        Protocols protocols = Protocols.of(options);
        Http3Listeners http3 = Http3Listeners.of(options, addresses);
        ServerCertificates certificates = ServerCertificates.load(options, addresses, http3.contexts());
        LoopGroup group = startGroup(options);
        List<SocketListener> sockets = new ArrayList<>();
        ApplicationSource.Provided provided;
        try {
            for (ListenAddress address : addresses) {
                for (SocketListener socket : bind(address, group, options)) {
                    sockets.add(socket);
                    http3.bind(socket.address(), group);
                }
            }
            provided = source.provide();
        } catch (IOException e) {
            abandon(sockets, http3, group, certificates);
            throw new ServerStartException("can't listen on " + e.getMessage(), e);
        } catch (InvalidSetting e) {
            abandon(sockets, http3, group, certificates);
            throw new ServerStartException(e.message(options.settingNames()), e);
        } catch (ServerStartException | RuntimeException e) {
            abandon(sockets, http3, group, certificates);
            throw e;
        }
        return new PreparedServer(protocols, certificates, http3, group, sockets, provided);
    }

    // All addresses of a name have the same port; a free one must be free on each.
    private static List<SocketListener> bind(ListenAddress wanted, LoopGroup group, ServerOptions options)
            throws IOException {
        List<ListenAddress> addresses = wanted.resolved();
        boolean anyPort = wanted.place() instanceof ListenAddress.Place.Tcp(String _, int port) && port == 0;
        for (int attempt = 1; ; attempt++) {
            List<SocketListener> bound = new ArrayList<>();
            try {
                for (ListenAddress each : addresses) {
                    ListenAddress here = anyPort && !bound.isEmpty()
                            ? each.withPortOf(bound.getFirst().address())
                            : each;
                    bound.add(SocketListener.bind(here, group.next(), group.transport(), options));
                }
                return bound;
            } catch (IOException e) {
                bound.forEach(Listener::close);
                if (!anyPort || bound.isEmpty() || attempt == PORT_ATTEMPTS) {
                    throw addresses.size() == 1 ? e : new IOException(wanted + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static LoopGroup startGroup(ServerOptions options) throws ServerStartException {
        Optional<String> unavailable = options.transport().unavailableReason();
        if (unavailable.isPresent()) {
            throw new ServerStartException("transport %s is not available here (%s): %s"
                    .formatted(
                            options.transport().name().toLowerCase(Locale.ROOT),
                            options.nameOf("transport"),
                            unavailable.get()));
        }
        return LoopGroup.builder()
                .loops(options.loops())
                .engine(options.engine())
                .threads(options.threads())
                .transport(options.transport())
                .holdLimit(options.holdLimit())
                .handOver(options.handOver())
                .heldThreads(options.heldThreads())
                .blockingThreads(options.blockingThreads())
                .blockingQueue(options.blockingQueue())
                .settingNames(options.settingNames())
                .start();
    }

    private static void abandon(
            List<SocketListener> sockets, Http3Listeners http3, LoopGroup group, ServerCertificates certificates) {
        sockets.forEach(Listener::close);
        http3.end();
        group.close();
        certificates.release();
    }
}
