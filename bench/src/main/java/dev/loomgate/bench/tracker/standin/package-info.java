/// In the places of libraries that users of Javalin and Helidon have, and that can't be resolved where this is built:
/// as much of them as the tracker needs, by the same names. Table w doesn't count it.
@NullMarked
package dev.loomgate.bench.tracker.standin;

import org.jspecify.annotations.NullMarked;
