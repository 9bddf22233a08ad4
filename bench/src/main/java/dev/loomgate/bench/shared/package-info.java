/// Servers of table x, which keep sessions and a cache in one Redis: ours and others with the same
/// paths.
@NullMarked
package dev.loomgate.bench.shared;

import org.jspecify.annotations.NullMarked;
