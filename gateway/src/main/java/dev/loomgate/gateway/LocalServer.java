package dev.loomgate.gateway;

import java.net.InetSocketAddress;
import java.util.ServiceLoader;

/// An application served over HTTP on a free port of the loopback interface, by whichever gateway server is there:
/// what `wsgiref.simple_server.make_server` is to Python's tests and tools.
///
/// ```java
/// try (LocalServer server = LocalServer.serve(application)) {
///     URI home = URI.create("http://127.0.0.1:" + server.address().getPort());
///     ...
/// }
/// ```
public interface LocalServer extends AutoCloseable {
    /// How a server is found: a service of [ServiceLoader].
    interface Provider {
        /// Starts a server; the application's start hooks have run when it returns.
        ///
        /// @throws Exception if it can't be started, or what a start hook throws
        LocalServer serve(Application application) throws Exception;
    }

    /// Where it listens.
    InetSocketAddress address();

    /// Ends the server, after the requests that still run or some seconds, and runs the stop hooks.
    @Override
    void close();

    /// Serves the application until it is closed.
    ///
    /// @throws IllegalStateException if no server is on the class path or module path
    /// @throws Exception if it can't be started, or what a start hook throws
    static LocalServer serve(Application application) throws Exception {
        Provider provider = ServiceLoader.load(Provider.class, LocalServer.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no gateway server is there to serve it: add one to the class path, such as loomgate-server"));
        return provider.serve(application);
    }
}
