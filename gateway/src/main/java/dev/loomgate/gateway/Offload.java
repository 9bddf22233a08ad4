package dev.loomgate.gateway;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Runs work that holds a thread, such as a query of an embedded database, where no other request waits for it. See
/// [Environ#offload].
///
/// ```java
/// long rows = environ.offload().call(() -> count(connection));
/// ```
@FunctionalInterface
public interface Offload {
    /// That of a container with no such place: the work runs here.
    Offload HERE = Offload::here;

    /// Runs the work in another thread, and waits: only the request that calls. The thread that runs the application.
    ///
    /// @return what the work returns
    /// @throws java.util.concurrent.RejectedExecutionException if too much work waits already
    /// @throws Exception what the work throws, not wrapped; or InterruptedException, which is passed on to the work
    <T extends @Nullable Object> T call(Callable<T> work) throws Exception;

    private static <T extends @Nullable Object> T here(Callable<T> work) throws Exception {
        return work.call();
    }
}
