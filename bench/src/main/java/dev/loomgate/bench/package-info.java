/// `bench/run`: the measurements that bench/RESULTS.md is made of, and the mains that are measured on Loomgate's side.
@NullMarked
package dev.loomgate.bench;

import org.jspecify.annotations.NullMarked;
