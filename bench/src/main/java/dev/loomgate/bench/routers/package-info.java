/// The routers of table (i): each finds the same paths in the same rules, without a network. What JMH runs is
/// [dev.loomgate.bench.routers.RouterBenchmark].
@NullMarked
package dev.loomgate.bench.routers;

import org.jspecify.annotations.NullMarked;
