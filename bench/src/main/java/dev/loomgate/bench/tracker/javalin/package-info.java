/// The tracker in Javalin.
@NullMarked
package dev.loomgate.bench.tracker.javalin;

import org.jspecify.annotations.NullMarked;
