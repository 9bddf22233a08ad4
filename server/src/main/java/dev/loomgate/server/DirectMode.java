package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.bind.Networks;
import dev.loomgate.server.connection.DirectConnectionFactory;
import dev.loomgate.server.direct.DirectListener;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.listen.OpenSocket;
import dev.loomgate.server.listen.SocketListener;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// At which addresses of a server the application's processes take the connections.
final class DirectMode {
    private final ServerOptions options;
    private final boolean observed;
    private final @Nullable DirectApplication application;
    private final Optional<String> whyNowhere;

    /// @param observed whether somebody is to be told of each request, besides the access log
    DirectMode(Application application, ServerOptions options, boolean observed) {
        this.options = options;
        this.observed = observed;
        this.application = application instanceof DirectApplication direct ? direct : null;
        this.whyNowhere = whyNowhere();
    }

    private Optional<String> whyNowhere() {
        if (options.direct() == Direct.OFF) {
            return Optional.of("switched off");
        }
        if (options.transport() != Transport.EPOLL) {
            return Optional.of("transport is " + options.transport().name().toLowerCase(Locale.ROOT));
        }
        if (options.engine() == Engine.THREADS) {
            // What has begun in a process must not wait for a thread that waits for this process.
            return Optional.of("engine is threads");
        }
        if (options.proxyProtocolFrom().contains(Networks.UNIX)) {
            return Optional.of("its peers send the PROXY protocol, which the server reads");
        }
        return application == null
                ? Optional.of(
                        "the application is not a Python program alone (rules, middleware, mounts, static files and"
                                + " development pages need the server)")
                : application.whyNotDirect();
    }

    /// Why the server accepts the connections at that address; empty if the processes do.
    Optional<String> whyNot(ListenAddress address) {
        if (address.protocol() == Protocol.HTTP) {
            return whyNotHttp();
        }
        if (address.protocol() != Protocol.UWSGI) {
            return Optional.of("the protocol is not uwsgi");
        }
        return isUnix(address.place()) ? whyNowhere : Optional.of("it is not a unix socket");
    }

    private Optional<String> whyNotHttp() {
        if (whyNowhere.isPresent() || application == null) {
            return whyNowhere;
        }
        return options.proxyProtocolFrom().isEmpty()
                ? application.whyNotDirectHttp()
                : Optional.of("its peers send the PROXY protocol, which the server reads");
    }

    private boolean isUnix(Place place) {
        return switch (place) {
            case Place.Tcp tcp -> false;
            case Place.UnixPath path -> true;
            case Place.UnixAbstract name -> true;
            case Place.Inherited open -> {
                try {
                    yield options.transport() == Transport.EPOLL
                            && OpenSocket.of(open.descriptor()).isUnix();
                } catch (IOException e) {
                    yield false; // which is told when it is bound
                }
            }
        };
    }

    /// @throws ServerStartException if it is wanted and can't be
    void check(List<ListenAddress> addresses) throws ServerStartException {
        if (options.direct() != Direct.ON) {
            return;
        }
        List<ListenAddress> uwsgi = addresses.stream()
                .filter(address -> address.protocol() == Protocol.UWSGI)
                .toList();
        if (uwsgi.isEmpty()) {
            throw new ServerStartException("workers can't take connections (%s is on): there is no uwsgi socket (%s)"
                    .formatted(options.nameOf("direct"), options.nameOf("ListenAddress.uwsgi")));
        }
        for (ListenAddress address : uwsgi) {
            Optional<String> reason = whyNot(address);
            if (reason.isPresent()) {
                throw new ServerStartException("workers can't take the connections of %s (%s is on): %s"
                        .formatted(address, options.nameOf("direct"), reason.get()));
            }
        }
    }

    /// Has the processes take the connections of a socket.
    Listener listenOver(SocketListener socket, List<? extends DirectConnectionFactory> factories) {
        if (application == null) {
            throw new IllegalStateException("no application for " + socket.address());
        }
        return DirectListener.over(socket, factories, application, options.backlog());
    }

    /// Gives the application the sockets of these listeners that are its processes'.
    ///
    /// @param measures whether they are to count what they answer
    void begin(List<Listener> listeners, boolean measures) {
        List<SharedSocket> sockets = listeners.stream()
                .filter(SharedSocket.class::isInstance)
                .map(SharedSocket.class::cast)
                .toList();
        if (application != null && !sockets.isEmpty()) {
            Limits limits = options.limits();
            application.serveDirectly(
                    sockets,
                    new DirectLimits(
                            limits.maxHeaderBytes(),
                            limits.maxHeaderCount(),
                            limits.maxBodyBytes(),
                            limits.requestTimeout(),
                            options.hasAccessLog() || observed,
                            options.hasAccessLog() && options.accessLogFormat().hasDetails(),
                            // What they tell of one by one is measured here.
                            measures && !options.hasAccessLog() && !observed ? ServerSnapshot.BOUND_NANOS : List.of(),
                            http(options.limits(Protocol.HTTP)),
                            List.of()));
        }
    }

    private static DirectLimits.Http http(Limits limits) {
        return new DirectLimits.Http(
                limits.maxHeaderBytes(),
                limits.maxHeaderCount(),
                limits.maxUriLength(),
                limits.headerTimeout(),
                limits.idleTimeout(),
                limits.writeTimeout());
    }

    /// What the processes have answered by themselves, if they count that. Any thread.
    List<DirectSeries> measured() {
        return application == null ? List.of() : application.directMeasured();
    }

    /// How many requests they run that the server doesn't know. Any thread.
    int requests() {
        return application == null ? 0 : application.directRequests();
    }
}
