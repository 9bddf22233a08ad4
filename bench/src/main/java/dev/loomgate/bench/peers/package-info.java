/// The servers that Loomgate is measured beside: each is one small main class that takes a port, and a
/// certificate before it where it shall speak TLS, and answers every request on 127.0.0.1 with [Hello],
/// configured as its authors would for one event-loop thread or, where the server has no such thing, left at
/// its defaults. Nothing here may know Loomgate or the harness.
@NullMarked
package dev.loomgate.bench.peers;

import org.jspecify.annotations.NullMarked;
