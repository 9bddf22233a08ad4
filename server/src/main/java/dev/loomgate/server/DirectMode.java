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
        if (!options.proxyProtocolFrom().isEmpty()) {
            return Optional.of("its peers send the PROXY protocol, which the server reads");
        }
        return application.whyNotDirectHttp();
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
        List<ListenAddress> uwsgi = speaking(Protocol.UWSGI, addresses);
        List<ListenAddress> http = speaking(Protocol.HTTP, addresses);
        if (uwsgi.isEmpty() && http.isEmpty()) {
            throw new ServerStartException(
                    "workers can't take connections (%s is on): there is no uwsgi socket (%s), and no address of HTTP (%s)"
                            .formatted(
                                    options.nameOf("direct"),
                                    options.nameOf("ListenAddress.uwsgi"),
                                    options.nameOf("ListenAddress.http")));
        }
        // Beside a uwsgi socket, HTTP is the JVM's where it has to be.
        for (ListenAddress address : uwsgi.isEmpty() ? http : uwsgi) {
            Optional<String> reason = whyNot(address);
            if (reason.isPresent()) {
                throw new ServerStartException("workers can't take the connections of %s (%s is on): %s"
                        .formatted(address, options.nameOf("direct"), reason.get()));
            }
        }
    }

    private static List<ListenAddress> speaking(Protocol protocol, List<ListenAddress> addresses) {
        return addresses.stream()
                .filter(address -> address.protocol() == protocol)
                .toList();
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
            boolean tells = options.hasAccessLog() || observed;
            application.serveDirectly(
                    sockets,
                    new DirectLimits(
                            limits.maxHeaderBytes(),
                            limits.maxHeaderCount(),
                            limits.maxBodyBytes(),
                            limits.requestTimeout(),
                            tells,
                            options.hasAccessLog() && options.accessLogFormat().hasDetails(),
                            // What they tell of one by one is measured here.
                            measures && !tells ? ServerSnapshot.BOUND_NANOS : List.of(),
                            http(measures, tells),
                            List.of()));
        }
    }

    // Counts by kinds know no routes, which programs that are asked over HTTP have.
    private DirectLimits.Http http(boolean measures, boolean tells) {
        Limits limits = options.limits(Protocol.HTTP);
        return new DirectLimits.Http(
                limits.maxHeaderBytes(),
                limits.maxHeaderCount(),
                limits.maxUriLength(),
                limits.headerTimeout(),
                limits.idleTimeout(),
                limits.writeTimeout(),
                options.webSockets().pingInterval(),
                options.webSockets().maxBytes(),
                Math.clamp((long) limits.maxConnections() * options.loops(), 1, Integer.MAX_VALUE),
                tells || measures,
                measures || observed || options.accessLogFormat().namesRoutes());
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
