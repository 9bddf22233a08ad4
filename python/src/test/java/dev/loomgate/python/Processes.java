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
    private static final Path TEMPORARY = Path.of(System.getenv().getOrDefault("TMPDIR", "/tmp"));

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

    /// Whether there is a process of that number, be it a dead one that nobody has asked after.
    static boolean exists(long pid) {
        return new File("/proc/" + pid).exists();
    }

    /// Sends a signal by its name without `SIG`.
    static void signal(long pid, String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + pid + " ended with " + status);
        }
    }

    /// This JVM's open file descriptors.
    static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    /// The directories that zygotes have made and not removed, of all processes of this machine.
    static Set<Path> directories() throws IOException {
        try (Stream<Path> files = Files.list(TEMPORARY)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("loomgate-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /// The directories that the workers of these zygotes have their sockets in.
    static Set<Path> directoriesOf(List<ProcessHandle> zygotes) throws IOException {
        Set<Path> found = new TreeSet<>();
        for (ProcessHandle zygote : zygotes) {
            for (ProcessHandle worker : zygote.children().toList()) {
                try (Stream<String> maps = Files.lines(Path.of("/proc/" + worker.pid() + "/maps"))) {
                    maps.filter(line -> line.endsWith(".begun"))
                            .map(line -> Path.of(line.substring(line.indexOf('/'))).getParent())
                            .forEach(found::add);
                }
            }
        }
        return found;
    }
}
