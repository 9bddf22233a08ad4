package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.call.Calls;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.listen.KernelQueue;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.listen.SocketListener;
import dev.loomgate.server.observe.AccessLog;
import dev.loomgate.server.observe.AccessLogWriter;
import dev.loomgate.server.observe.RequestCounts;
import dev.loomgate.server.observe.RequestObserver;
import dev.loomgate.server.observe.ToldOutside;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
/// A program whose whole job is to serve has one call, [#run]:
///
/// ```java
/// void main(String[] args) {
///     Server.run(application, args);
/// }
/// ```
///
/// Its methods may be called by any thread that isn't one of its loops.
public final class Server implements AutoCloseable {
    private final ServerOptions options;
    private final LoopGroup group;
    private final Lifecycles lifecycles;
    private final DirectMode direct;
    private final ServerCertificates certificates;
    private final Http3Listeners http3;
    private final @Nullable AccessLogWriter accessLog;
    private final List<ServerLoop> serverLoops = new ArrayList<>();
    private final RunningRequests requests = new RunningRequests(serverLoops);
    private final List<RequestCounts> counts = new ArrayList<>();
    private final @Nullable Measuring measuring;
    private final List<Listener> listeners = new ArrayList<>();
    private boolean stopped; // guarded by this

    private Server(Builder builder, PreparedServer prepared) throws ServerStartException {
        options = builder.options;
        group = prepared.group();
        certificates = prepared.certificates();
        http3 = prepared.http3();
        ApplicationSource.Provided provided = prepared.provided();
        lifecycles = new Lifecycles(builder.lifecycles(provided), options.settingNames());
        direct = new DirectMode(provided.application(), options, !builder.observers.isEmpty());
        accessLog = options.hasAccessLog() ? new AccessLogWriter(options.accessLogTo()) : null;
        measuring = builder.mostRoutes == 0 ? null : new Measuring(builder.mostRoutes, direct, options);
        listeners.addAll(prepared.sockets());
        try {
            direct.check(builder.addresses);
            Calls calls = calls(provided.application(), options);
            for (Loop loop : group.loops()) {
                serverLoops.add(new ServerLoop(
                        loop, calls, options, observers(builder.counting, builder.observers), this::roomAgain));
            }
            listeners.clear();
            for (SocketListener socket : prepared.sockets()) {
                listeners.add(listener(socket, prepared.protocols()));
            }
            http3.serve(serverLoops, certificates::get);
            direct.begin(listeners, measuring != null);
            lifecycles.start(group);
            serverLoops.forEach(ServerLoop::start);
            everywhere().forEach(Listener::accept);
            certificates.watch(group.loops().getFirst(), this::nextTurn);
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
    private List<RequestObserver> observers(
            boolean counting, List<Supplier<? extends Consumer<? super FinishedRequest>>> outside) {
        List<RequestObserver> observers = new ArrayList<>();
        if (accessLog != null) {
            observers.add(
                    new AccessLog(options.accessLogFormat(), options.accessLog(), options.accessLogRules(), accessLog));
        }
        if (counting) {
            RequestCounts count = new RequestCounts();
            counts.add(count);
            observers.add(count);
        }
        if (measuring != null) {
            observers.add(measuring.loop());
        }
        outside.forEach(perLoop -> observers.add(new ToldOutside(perLoop.get())));
        return observers;
    }

    private Listener listener(SocketListener socket, Protocols protocols) {
        if (direct.whyNot(socket.address()).isEmpty()) {
            return direct.listenOver(
                    socket, protocols.directFactories(socket.address().protocol(), serverLoops));
        }
        socket.serve(protocols.factories(
                socket.address().protocol(),
                serverLoops,
                certificates::get,
                http3.altSvc(socket.address()).orElse("")));
        return socket;
    }

    // With the UDP ports, which have no addresses of their own.
    private List<Listener> everywhere() {
        return Stream.concat(listeners.stream(), http3.all().stream()).toList();
    }

    private void roomAgain() {
        listeners.forEach(Listener::roomAgain);
    }

    /// A server of this application, to be configured and started.
    public static Builder builder(Application application) {
        return new Builder(() -> ApplicationSource.Provided.of(application));
    }

    /// A server of an application that is made when the server's addresses are bound.
    public static Builder builderFrom(ApplicationSource source) {
        return new Builder(source);
    }

    /// Serves this application until a signal asks for a stop, as [Builder#run] does.
    ///
    /// @param args the program's own, or none
    public static void run(Application application, String... args) {
        builder(application).run(args);
    }

    /// The addresses in the order of [Builder#listen], with the real ports.
    public List<ListenAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /// Descriptors of the sockets that it listens on, for a process that is to listen there after this one; none where
    /// the transport isn't epoll. They are the server's: they end with it, and may be sent elsewhere before.
    public List<Integer> openSockets() {
        // A process that gets them needs epoll as well.
        return options.transport() != Transport.EPOLL
                ? List.of()
                : listeners.stream()
                        .flatMapToInt(listener -> listener.openSocket().stream())
                        .boxed()
                        .toList();
    }

    /// Says that another process has those sockets, too: a stop leaves them open, with the connections in their queues
    /// and the files of unix sockets. Before [#stop].
    public void shareSockets() {
        listeners.forEach(Listener::share);
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

    /// Lines of the access log are given to the watcher as well, by the thread that writes them; or no longer, with
    /// null. Nobody is told of requests that aren't logged.
    ///
    /// @param watcher doesn't wait, since the access log waits with it, and throws nothing; takes the
    /// former's place
    public void watchAccessLog(@Nullable Consumer<AccessLine> watcher) {
        if (accessLog != null) {
            accessLog.watch(watcher);
        }
    }

    /// What is to be seen of it now. Reads files of the system.
    public ServerSnapshot snapshot() {
        int mostQueued = KernelQueue.backlog(options.backlog());
        List<ServerSnapshot.Socket> sockets = listeners.stream()
                .map(each -> new ServerSnapshot.Socket(each.address(), each.queued(), mostQueued))
                .toList();
        List<ServerSnapshot.Loop> loops = new ArrayList<>();
        for (int i = 0; i < serverLoops.size(); i++) {
            loops.add(snapshot(
                    i,
                    counts.isEmpty()
                            ? new RequestCounts.Totals(0, 0, 0, 0)
                            : counts.get(i).totals()));
        }
        return new ServerSnapshot(
                sockets,
                loops,
                group.offloadCounts(),
                limits(),
                Optional.ofNullable(measuring).map(Measuring::now),
                certificates.snapshot());
    }

    private Map<String, Long> limits() {
        Map<String, Long> all = new HashMap<>();
        serverLoops.forEach(loop ->
                loop.limits().now().forEach((setting, count) -> all.merge(options.nameOf(setting), count, Long::sum)));
        return all;
    }

    private ServerSnapshot.Loop snapshot(int number, RequestCounts.Totals totals) {
        ServerLoop loop = serverLoops.get(number);
        return new ServerSnapshot.Loop(
                loop.connections(),
                totals.requests(),
                totals.errors(),
                totals.sentBytes(),
                totals.nanos(),
                requests.of(number),
                loop.loop().microthreads(),
                loop.loop().side().turns(),
                loop.lag());
    }

    /// How many requests run, each in its microthread.
    public int inFlight() {
        return serverLoops.stream().mapToInt(ServerLoop::running).sum();
    }

    /// Requests that run now, the oldest first. No stack is taken for it, and no loop asked.
    ///
    /// @param most how many at most
    public List<RunningRequest> requests(int most) {
        return requests.oldest(most);
    }

    /// A request that runs now; empty if it has ended.
    ///
    /// @param id [RunningRequest#id]
    public Optional<RunningRequest> request(long id) {
        return requests.find(id);
    }

    /// Where the microthread of a request is now, a frame a line, the innermost first; empty if it has
    /// ended.
    ///
    /// @param id [RunningRequest#id]
    public Optional<String> stack(long id) {
        return requests.find(id).map(RunningRequest::stack);
    }

    /// Reads the certificates for TLS again, checks them, and gives them to new connections; those that are open keep
    /// what they have. It happens by itself some seconds after a file has changed. Blocks.
    ///
    /// @throws IOException if one can't be read, or makes no sense: then its listeners' stay as they were. The
    /// message is a line for the operator
    public void reloadCertificates() throws IOException {
        certificates.reload(this::nextTurn);
    }

    /// Shows an authority that checks who has a name, by `acme-tls/1`, what it asks for (RFC 8737), until
    /// [#endChallenge]. There must be a listener for HTTPS.
    ///
    /// @param certificate made for this challenge
    /// @throws IOException if TLS can't be spoken with it
    public void answerChallenge(String name, X509Certificate certificate, PrivateKey key) throws IOException {
        certificates.get().answerChallenge(name, certificate, key);
    }

    /// The authority has looked.
    public void endChallenge(String name) {
        certificates.endChallenge(name, this::nextTurn);
    }

    /// Accepts no further connections from now on, or accepts them again. Meanwhile they wait in the kernel's queue, as
    /// many as `backlog` allows; requests on connections that are open are answered. A stop ends it.
    public synchronized void suspend(boolean suspended) {
        if (!stopped) {
            everywhere().forEach(listener -> listener.suspend(suspended));
        }
    }

    /// Asks clients to leave, and goes on accepting: a response over HTTP/1.1 says `Connection: close`, one over HTTP/2
    /// or HTTP/3 is followed by a GOAWAY, idle connections end, and streams without an end are told as at a stop. A
    /// client that comes nevertheless gets its answer, and is asked likewise. Does nothing while the server stops.
    public synchronized void drain() {
        if (!stopped) {
            serverLoops.forEach(loop -> loop.drain(options.stopTimeout()));
        }
    }

    /// Ends [#drain]: connections stay again. Those that have been asked to leave still do.
    public synchronized void endDrain() {
        serverLoops.forEach(ServerLoop::endDrain);
    }

    /// Completes when each loop has turned once more from now on: while a loop hangs, it doesn't. Exceptionally when
    /// they have ended.
    public CompletableFuture<Void> nextTurn() {
        return CompletableFuture.allOf(
                group.loops().stream().map(Server::nextTurn).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> nextTurn(Loop loop) {
        CompletableFuture<Void> turned = new CompletableFuture<>();
        try {
            loop.side().execute(() -> turned.complete(null));
        } catch (RejectedExecutionException e) {
            turned.completeExceptionally(e);
        }
        return turned;
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
        everywhere().forEach(listener -> listener.suspend(false));
        boolean graceful = new GracefulStop(everywhere(), serverLoops, limit, options.settingNames()).run();
        lifecycles.stop(Duration.ofNanos(end - System.nanoTime()));
        certificates.endWatch();
        serverLoops.forEach(ServerLoop::stop);
        http3.end();
        group.close();
        certificates.release();
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
        private final ApplicationSource source;
        private final List<ListenAddress> addresses = new ArrayList<>();
        private final List<Lifecycle> lifecycles = new ArrayList<>();
        private ServerOptions options = ServerOptions.defaults();
        private final List<Supplier<? extends Consumer<? super FinishedRequest>>> observers = new ArrayList<>();
        private boolean counting;
        private int mostRoutes;
        private boolean withoutListeners;

        private Builder(ApplicationSource source) {
            this.source = source;
        }

        /// Listens there as well.
        public Builder listen(ListenAddress address) {
            addresses.add(address);
            return this;
        }

        /// May listen nowhere: no request comes, and the application's [Lifecycle] is all that runs.
        public Builder withoutListeners() {
            withoutListeners = true;
            return this;
        }

        public Builder options(ServerOptions all) {
            options = all;
            return this;
        }

        /// Counts requests, for [Server#snapshot].
        public Builder countRequests() {
            counting = true;
            return this;
        }

        /// Measures how long requests take, for [Server#snapshot].
        ///
        /// @param mostRoutes how many routes are told apart, at least 1
        public Builder measureRequests(int mostRoutes) {
            InvalidSetting.requireAtLeast(1, "metricsRoutes", mostRoutes);
            this.mostRoutes = mostRoutes;
            return this;
        }

        /// Tells an observer of each request when it is over: for metrics, say. That includes requests whose
        /// head was refused, and those that the application's processes have answered by themselves.
        ///
        /// An observer runs on its loop's own OS thread, one request after the other, and the loop waits for
        /// it: so it mustn't wait itself. What it throws is logged, once.
        /// ```java
        /// AtomicLong failures = new AtomicLong();
        /// builder.observe(() -> request -> {
        ///     if (request.status() >= 500) {
        ///         failures.incrementAndGet();
        ///     }
        /// });
        /// ```
        /// @param perLoop makes an observer; asked once for each loop, before the server listens
        public Builder observe(Supplier<? extends Consumer<? super FinishedRequest>> perLoop) {
            observers.add(perLoop);
            return this;
        }

        /// Hooks that run on each loop before its first request and after its last one, in this order when
        /// starting and in the reverse one when stopping. An application that is a [Lifecycle] itself comes
        /// first without being named here.
        public Builder lifecycle(Lifecycle hooks) {
            lifecycles.add(hooks);
            return this;
        }

        /// Runs this program: starts the server, waits for SIGTERM or SIGINT, stops gracefully, and ends the
        /// JVM. It doesn't return; what is to be done at the end belongs into [Lifecycle#stop].
        ///
        /// Who starts the program may say where it listens. The first of these counts:
        ///
        /// 1. its arguments, `--http ADDRESS` as often as is needed, as [ListenAddress] reads them
        /// 2. `PORT` of its environment: this port, on all addresses
        /// 3. [#listen]
        /// 4. `127.0.0.1:8000`
        ///
        /// The exit status is 0 after a stop, 1 if the server can't start, 2 if arguments or environment are
        /// wrong; a line on stderr says why. A second signal ends the program at once. The JDK's own logging
        /// writes a line for each entry, unless the program has configured it.
        ///
        /// @param args the program's own, or none
        public void run(String... args) {
            System.exit(new ServerProgram(this).run(System.getenv(), args));
        }

        /// Whether it has been said where to listen, or that nowhere.
        boolean hasListeners() {
            return withoutListeners || !addresses.isEmpty();
        }

        /// Listens there, in place of what has been said before.
        void listenOnly(List<ListenAddress> places) {
            addresses.clear();
            addresses.addAll(places);
        }

        private List<Lifecycle> lifecycles(ApplicationSource.Provided provided) {
            List<Lifecycle> all = new ArrayList<>();
            if (provided.application() instanceof Lifecycle lifecycle) {
                all.add(lifecycle);
            }
            all.addAll(provided.hooks());
            all.addAll(lifecycles);
            return all;
        }

        /// Starts the server: it listens when this returns.
        ///
        /// @throws ServerStartException if it can't, or the thread is interrupted; with one line for the
        /// operator
        public Server start() throws ServerStartException {
            if (!hasListeners()) {
                throw new ServerStartException("nothing to listen on: give an address (%s, %s)"
                        .formatted(options.nameOf("ListenAddress.http"), options.nameOf("ListenAddress.uwsgi")));
            }
            return new Server(this, PreparedServer.prepare(options, addresses, source));
        }
    }
}
