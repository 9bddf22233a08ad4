package dev.loomgate.server.http;

/// Arrays that all connections of a loop use in turn while they read a head. Loop side only.
final class HeadScratch {
    /// A head that comes whole is found here before it gets an array of its own size.
    byte[] bytes = new byte[4 * 1024];

    /// Where the fields are, as in [RequestHead#fields].
    int[] fields = new int[4 * 32];
}
