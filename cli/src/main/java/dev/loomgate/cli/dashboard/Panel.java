package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import java.util.Map;
import java.util.Optional;

/// A part of the page. What it shows is here, how it is shown in the module `page/panels/NAME.js`; the page has them in
/// the order of [Dashboard]'s list. Values for JSON are texts, numbers, lists, maps, and records of these.
///
/// ```java
/// record CachesPanel() implements Panel {
///     public String name() { return "caches"; }
///     public Object figures(LiveServer.Moment moment) { return moment.programs().getFirst().snapshot().caches(); }
/// }
/// ```
interface Panel {
    /// Of the part, and of its module: lower-case letters.
    String name();

    /// What it shows at a moment, for JSON. Called by one thread, at most once a second, and while a
    /// page is open alone.
    Object figures(LiveServer.Moment moment) throws InterruptedException;

    /// More about one of the things that it shows, for JSON; empty if there is no such thing any more. Called in a
    /// request's microthread when somebody asks.
    ///
    /// @param subject as the module sends it; from outside
    default Optional<?> detail(String subject) throws InterruptedException {
        return Optional.empty();
    }

    /// What can be done there, by names that the module knows. Only with `--dashboard-admin`.
    default Map<String, Action> actions() {
        return Map.of();
    }

    /// Something that an operator may do. Called in a request's microthread.
    @FunctionalInterface
    interface Action {
        /// @param subject what it is done to, as the module sends it; from outside
        /// @return what has been done, in a sentence for the operator and the log; empty if there is no
        /// such thing any more
        Optional<String> run(String subject) throws InterruptedException;
    }
}
