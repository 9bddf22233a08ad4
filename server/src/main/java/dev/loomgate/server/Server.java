package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.call.Calls;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.listen.SocketListener;
import dev.loomgate.server.observe.AccessLog;
import dev.loomgate.server.observe.AccessLogWriter;
import dev.loomgate.server.observe.RequestObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A running server: listens, and calls its application for each request in a microthread of its own.
///
/// ```java
/// try (Server server = Server.builder(application).listen(ListenAddress.http("127.0.0.1:8000")).start()) {
///     System.out.println("http://" + server.addresses().getFirst());
///     ...
///     server.stop(Duration.ofSeconds(30));
/// }
/// ```
///
/// Its methods may be called by any thread that isn't one of its loops.
public final class Server implements AutoCloseable {
    private final ServerOptions options;
    private final LoopGroup group;
    private final Lifecycles lifecycles;
    private final DirectMode direct;
    private final @Nullable AccessLogWriter accessLog;
    private final List<ServerLoop> serverLoops = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private boolean stopped; // guarded by this

    private Server(Builder builder) throws ServerStartException {
        options = builder.options;
        lifecycles = new Lifecycles(builder.lifecycles, options.settingNames());
        List<ListenAddress> addresses = builder.addresses;
        if (addresses.isEmpty()) {
            throw new ServerStartException("nothing to listen on: give an address (%s, %s)"
                    .formatted(options.nameOf("ListenAddress.http"), options.nameOf("ListenAddress.uwsgi")));
        }
        Protocols protocols = Protocols.of(options);
        direct = new DirectMode(builder.application, options);
        direct.check(addresses);
        group = startGroup(options);
        accessLog = options.accessLog() ? new AccessLogWriter(options.accessLogTo()) : null;
        try {
            Calls calls = calls(builder.application, options);
            for (Loop loop : group.loops()) {
                serverLoops.add(new ServerLoop(loop, calls, options, observers(), this::roomAgain));
            }
            // The places first, so that a wrong one is told before the application starts; requests wait in the
            // kernel's queue meanwhile.
            for (ListenAddress address : addresses) {
                listeners.add(bind(address, protocols));
            }
            direct.begin(listeners);
            lifecycles.start(group);
            serverLoops.forEach(ServerLoop::start);
            listeners.forEach(Listener::accept);
        } catch (IOException e) {
            end(Duration.ZERO);
            throw new ServerStartException("can't listen on " + e.getMessage(), e);
        } catch (InvalidSetting e) {
            end(Duration.ZERO);
            throw new ServerStartException(e.message(options.settingNames()), e);
        } catch (ServerStartException | RuntimeException e) {
            end(Duration.ZERO);
            throw e;
        }
    }

    private static Calls calls(Application application, ServerOptions options) {
        boolean multithreaded = options.loops() > 1 || options.engine() != Engine.LOOP;
        return new Calls(application, multithreaded, options.development(), options.spool());
    }

    // Of one loop.
    private List<RequestObserver> observers() {
        return accessLog == null ? List.of() : List.of(new AccessLog(options.accessLogFormat(), accessLog));
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
                .settingNames(options.settingNames())
                .start();
    }

    private Listener bind(ListenAddress address, Protocols protocols) throws IOException {
        if (direct.whyNot(address).isEmpty()) {
            return direct.bind(address, group.next(), protocols.directFactories(serverLoops));
        }
        return SocketListener.bind(
                address, group.next(), group.transport(), protocols.factories(address, serverLoops), options);
    }

    private void roomAgain() {
        listeners.forEach(Listener::roomAgain);
    }

    /// A server of this application, to be configured and started.
    public static Builder builder(Application application) {
        return new Builder(application);
    }

    /// The addresses in the order of [Builder#listen], with the real ports.
    public List<ListenAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /// Why the server accepts the connections at that address; empty if the application's processes take them, as
    /// [ServerOptions#direct] says.
    public Optional<String> whyNotDirect(ListenAddress address) {
        return direct.whyNot(address);
    }

    /// Where microthreads run: as the options say, or [Engine#VIRTUAL] for [Engine#LOOP] where that is unavailable.
    public Engine engine() {
        return group.engine();
    }

    /// All microthreads: state, age, request and stack, as text.
    public String dump() {
        return group.dump();
    }

    /// Stops gracefully within the options' limit.
    ///
    /// @return whether all requests ended by themselves
    public boolean stop() {
        return stop(options.stopTimeout());
    }

    /// Stops gracefully: accepts no more, closes idle connections, answers what runs, and interrupts what still
    /// runs at the limit. Returns when everything has ended; a further call has no effect.
    ///
    /// @return whether all requests ended by themselves
    public synchronized boolean stop(Duration limit) {
        if (stopped) {
            return true;
        }
        stopped = true;
        return end(limit);
    }

    private boolean end(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean graceful = new GracefulStop(listeners, serverLoops, limit, options.settingNames()).run();
        lifecycles.stop(Duration.ofNanos(end - System.nanoTime()));
        serverLoops.forEach(ServerLoop::stop);
        group.close();
        if (accessLog != null) {
            accessLog.close();
        }
        return graceful;
    }

    /// Stops without waiting for running requests: they are interrupted.
    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    /// Configures a server. Used by one thread.
    public static final class Builder {
        private final Application application;
        private final List<ListenAddress> addresses = new ArrayList<>();
        private final List<Lifecycle> lifecycles = new ArrayList<>();
        private ServerOptions options = ServerOptions.defaults();

        private Builder(Application application) {
            this.application = application;
            if (application instanceof Lifecycle lifecycle) {
                lifecycles.add(lifecycle);
            }
        }

        /// Listens there as well.
        public Builder listen(ListenAddress address) {
            addresses.add(address);
            return this;
        }

        public Builder options(ServerOptions all) {
            options = all;
            return this;
        }

        /// Hooks that run on each loop before its first request and after its last one, in this order when
        /// starting and in the reverse one when stopping. An application that is a [Lifecycle] itself comes
        /// first without being named here.
        public Builder lifecycle(Lifecycle hooks) {
            lifecycles.add(hooks);
            return this;
        }

        /// Starts the server: it listens when this returns.
        ///
        /// @throws ServerStartException if it can't, with one line for the operator
        public Server start() throws ServerStartException {
            return new Server(this);
        }
    }
}
