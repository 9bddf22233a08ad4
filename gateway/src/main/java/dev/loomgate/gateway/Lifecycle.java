package dev.loomgate.gateway;

import java.util.Collection;

/// What an application does when the server starts and when it stops.
///
/// Both run once on each loop, in a microthread of that loop, so that what they open belongs to the loop that uses
/// it. An [Application] that implements this interface has its hooks called by the server. A middleware in front of it
/// would hide them: code that composes applications calls [#passOn], or [#all] where there are several.
///
/// A request that has no end of its own learns of a stop before the server waits for it: [Environ#stopping].
public interface Lifecycle {
    /// Prepares the application. Requests come only after it has returned on every loop.
    ///
    /// @throws Exception stops the server, with this exception as the reason
    default void start() throws Exception {}

    /// Releases what [#start] opened, after the last request has ended. Not called where `start` failed.
    ///
    /// @throws Exception is logged; the other hooks still run
    default void stop() throws Exception {}

    /// `outer` with the hooks of `inner`, the application that it stands before. An `outer` with hooks of its own runs
    /// those of `inner` itself and is returned as it is; so is one whose `inner` has none.
    static Application passOn(Application inner, Application outer) {
        return inner instanceof Lifecycle hooks && !(outer instanceof Lifecycle) ? new PassedOn(outer, hooks) : outer;
    }

    /// The hooks of several applications as those of one, for an application that is made of them. They start in
    /// order and stop in reverse order. If one fails to start, those before it are stopped; if one fails to stop,
    /// the others are stopped all the same.
    ///
    /// @param candidates applications and others; those without hooks are passed over, and each is run once even if
    /// it is there twice
    static Lifecycle all(Collection<?> candidates) {
        return AllHooks.of(candidates);
    }
}
