package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
    private final List<ListenAddress> addresses;

    private Server(Builder builder) throws ServerStartException {
        if (builder.addresses.isEmpty()) {
            throw new ServerStartException("nothing to listen on: give an address (--http, --socket)");
        }
        options = builder.options;
        addresses = List.copyOf(builder.addresses);
    }

    /// A server of this application, to be configured and started.
    public static Builder builder(Application application) {
        return new Builder(application);
    }

    /// The addresses in the order of [Builder#listen], with the real ports.
    public List<ListenAddress> addresses() {
        return addresses;
    }

    /// All microthreads: state, age, request and stack, as text.
    public String dump() {
        throw new UnsupportedOperationException("not yet");
    }

    /// Stops gracefully within the options' limit.
    ///
    /// @return whether all requests ended by themselves
    public boolean stop() {
        return stop(options.stopTimeout());
    }

    /// Stops gracefully: accepts no more, closes idle connections, answers what runs, and interrupts what still runs
    /// at the limit. Returns when everything has ended; a further call has no effect.
    ///
    /// @return whether all requests ended by themselves
    public boolean stop(Duration limit) {
        throw new UnsupportedOperationException("not yet " + limit);
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

        /// Hooks that run on each loop before its first request and after its last one, in this order when starting
        /// and in the reverse one when stopping. An application that is a [Lifecycle] itself comes first
        // without
        /// being named here.
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
