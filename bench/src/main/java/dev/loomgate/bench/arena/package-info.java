/// HttpArena's profiles (MDA2AV/HttpArena): a program for each server that has them all, the data they
/// are about, and the checks that an entry must pass before it is measured. Written after its
/// documentation; none of its code or data is here. What loads and compares them is in `tables`.
@NullMarked
package dev.loomgate.bench.arena;

import org.jspecify.annotations.NullMarked;
