package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Jmh;
import dev.loomgate.bench.harness.Jvm;
import java.nio.file.Path;
import java.util.List;

/// Where a run happens.
///
/// @param effort how long it may take
/// @param jvm the JVM for the servers
/// @param root the project's root, with `bench/python` below it
/// @param scratch a folder for sockets and logs, which goes when the run ends
/// @param only servers whose name contains one of these take part; all of them if there are none
public record Setting(Effort effort, Jvm jvm, Path root, Path scratch, List<String> only) {
    Jmh jmh() {
        return new Jmh(jvm, effort.compiling(), effort.iteration(), effort.runs(), scratch);
    }

    boolean takes(Entrant entrant) {
        return only.isEmpty() || only.stream().anyMatch(entrant.name()::contains);
    }
}
