/// What a request may block in, for the table of docs/blocking.md: a server that does so when it is asked to.
@NullMarked
package dev.loomgate.bench.blocking;

import org.jspecify.annotations.NullMarked;
