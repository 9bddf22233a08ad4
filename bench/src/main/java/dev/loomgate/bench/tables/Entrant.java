package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import java.io.IOException;

/// A server that takes part in a table; started when the race is.
record Entrant(String name, Start start) {
    interface Start {
        Contender start(String name) throws IOException;
    }
}
