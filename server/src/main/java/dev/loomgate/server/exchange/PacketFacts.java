package dev.loomgate.server.exchange;

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
}
