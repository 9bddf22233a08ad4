package dev.loomgate.gateway.kind;

import dev.loomgate.gateway.Application;

/// A kind of programs that are no [Application]s, and becomes one: another contract between servers and programs, such
/// as Ring. A module offers it as a service of this type; a command line finds it by what stands before the colon.
///
/// ```text
/// ring:shop.core/handler        kind "ring", program "shop.core/handler"
/// ```
///
/// Its methods are called by the thread that starts the server or reloads the program, one at a time.
public interface ApplicationKind {
    /// What stands before the colon: lower-case letters and hyphens.
    String name();

    /// The class loader that the loader of a program's own classes asks first. Another one for each version of a
    /// program, if the kind has classes with a state that is the program's.
    ///
    /// @param server the server's own, which what is returned has to ask itself
    default ClassLoader parent(ClassLoader server) {
        return server;
    }

    /// Makes an application of a program. If that is a [dev.loomgate.gateway.Lifecycle], the server calls its hooks.
    /// The calling thread's context class loader is the program's.
    ///
    /// @throws IllegalArgumentException if there is no such program, or it isn't of this kind; the message is for
    /// the operator, without the program's name before it. What the program's own code threw is the
    /// cause
    Application load(Program program);
}
