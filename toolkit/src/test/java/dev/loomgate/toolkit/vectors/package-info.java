/// Replays what real Werkzeug answered (`src/test/oracle`), and holds the list of differences to be exactly that.
@org.jspecify.annotations.NullMarked
package dev.loomgate.toolkit.vectors;
