/// The tracker in Helidon SE.
@NullMarked
package dev.loomgate.bench.tracker.helidon;

import org.jspecify.annotations.NullMarked;
