package dev.loomgate.python;

import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The zygotes and workers of the servers in this JVM.
final class WorkerProcesses {
    private WorkerProcesses() {}

    /// The zygotes that this JVM has, by what they were started with.
    static List<ProcessHandle> zygotes() {
        return ProcessHandle.current()
                .children()
                .filter(child -> Processes.commandLine(child.pid()).contains("loomgate_worker"))
                .toList();
    }

    /// The workers of all zygotes.
    static Set<Long> workers() {
        return zygotes().stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The directories that zygotes have made there and not removed.
    static List<Path> directories(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("loomgate-"))
                    .toList();
        }
    }
}
