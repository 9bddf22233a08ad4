package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import java.util.List;

/// Where a server's application comes from. It is asked when all addresses are bound, and before anything is
/// accepted: what needs privileges has been done, and who wants to give them up does so before the application's
/// code runs.
///
/// ```java
/// Server.builderFrom(() -> {
///     becomeUser("www-data");
///     return ApplicationSource.Provided.of(new Shop());
/// })
/// ```
@FunctionalInterface
public interface ApplicationSource {
    /// Called once, by the thread that starts the server. May block.
    ///
    /// @throws ServerStartException if there is none, with one line for the operator; the server doesn't start then
    Provided provide() throws ServerStartException;

    /// An application, and what runs at a start and a stop.
    ///
    /// @param hooks come after the application's own, if it is a [Lifecycle] itself
    record Provided(Application application, List<Lifecycle> hooks) {
        public Provided {
            hooks = List.copyOf(hooks);
        }

        /// An application without more hooks than its own.
        public static Provided of(Application application) {
            return new Provided(application, List.of());
        }
    }
}
