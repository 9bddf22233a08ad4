package dev.loomgate.python;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What this machine has of processes, descriptors and files.
final class Processes {
    private Processes() {}

    /// The zygotes that this JVM has, by what they were started with.
    static List<ProcessHandle> zygotes() {
        return ProcessHandle.current()
                .children()
                .filter(child -> commandLine(child.pid()).contains("loomgate_worker"))
                .toList();
    }

    /// The workers of all zygotes.
    static Set<Long> workers() {
        return zygotes().stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /// Whether there is a process of that number that hasn't ended. (One whose parent has been killed as well may stay
    /// in the table until the machine's first process looks after it.)
    static boolean exists(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    /// Sends a signal by its name without `SIG`.
    static void signal(long pid, String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + pid + " ended with " + status);
        }
    }

    /// This JVM's open file descriptors.
    static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    /// The directories that zygotes have made there and not removed.
    static List<Path> directories(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("loomgate-"))
                    .toList();
        }
    }
}
