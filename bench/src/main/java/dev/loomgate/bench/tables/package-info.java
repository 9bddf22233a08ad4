/// The tables of bench/RESULTS.md, a class each, and the race that the first ones share.
@NullMarked
package dev.loomgate.bench.tables;

import org.jspecify.annotations.NullMarked;
