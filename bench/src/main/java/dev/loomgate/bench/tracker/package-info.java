/// The tracker's twins: the program of the module `tracker` once more, as users of Javalin and of Helidon SE would
/// write it, for table w. What is here is theirs in common and knows neither server; the database is the tracker's
/// own. `ConformanceTest` sends all three the same requests.
@NullMarked
package dev.loomgate.bench.tracker;

import org.jspecify.annotations.NullMarked;
