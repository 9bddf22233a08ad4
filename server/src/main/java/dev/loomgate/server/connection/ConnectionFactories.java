package dev.loomgate.server.connection;

import java.util.List;

/// A protocol before it is spoken anywhere: makes the connection factories of a listener.
@FunctionalInterface
public interface ConnectionFactories {
    /// A factory for each loop, in their order. They may share what concerns the listener as a whole.
    List<? extends ConnectionFactory> onEach(List<ServerLoop> loops);
}
