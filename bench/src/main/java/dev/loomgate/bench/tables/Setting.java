package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Jvm;
import java.nio.file.Path;

/// Where a run happens: how long it may take, the JVM for the servers, the project's root (with `bench/python`
/// below it), and a folder for sockets and logs that goes when the run ends.
public record Setting(Effort effort, Jvm jvm, Path root, Path scratch) {}
