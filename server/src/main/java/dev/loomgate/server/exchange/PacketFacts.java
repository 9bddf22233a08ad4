package dev.loomgate.server.exchange;

import org.jspecify.annotations.Nullable;

/// What is known of the packet that a request came as, where it came as one: asked of a request's variables.
public interface PacketFacts {
    /// The number of variables, repeated ones counted each time.
    int variableCount();

    /// The bytes that the variables take, with their lengths.
    int variableBytes();

    /// The first of the two numbers that say what kind of packet it is, 0 to 255.
    int modifier1();

    /// The second of them.
    int modifier2();

    /// The id that a process has given the request before it passed the packet on: a variable of its own, which the
    /// other figures leave out. Null if none has.
    @Nullable
    String requestId();
}
