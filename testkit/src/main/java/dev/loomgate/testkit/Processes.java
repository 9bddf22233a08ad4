package dev.loomgate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What Linux says of processes, in `/proc`, and signals to them.
public final class Processes {
    private Processes() {}

    /// Sends a signal.
    ///
    /// @param name without `SIG`
    /// @throws IOException if there is no such process or signal
    public static void signal(long pid, String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + pid + " ended with " + status);
        }
    }

    /// Runs a program to its end, which is to be a success.
    ///
    /// @return what it has written, to both, without blanks around it
    /// @throws AssertionError if it ends with another status than 0, or not within 60 seconds
    public static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("run-", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said = Files.readString(output).strip();
            if (!ended) {
                process.destroyForcibly();
                throw new AssertionError(List.of(command) + " hasn't ended in 60 seconds: " + said);
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(List.of(command) + " ended with " + process.exitValue() + ": " + said);
            }
            return said;
        } finally {
            Files.delete(output);
        }
    }

    /// Whether there is a process with this id that hasn't ended. One whose parent was killed as well may stay in the
    /// table until the machine's first process removes it: it doesn't count.
    public static boolean exists(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    /// How a process was started; empty where it has ended.
    public static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /// How many file descriptors this JVM has open.
    public static int descriptors() {
        return descriptors(ProcessHandle.current().pid());
    }

    /// How many file descriptors a process has open; 0 where it has ended.
    public static int descriptors(long pid) {
        String[] names = Path.of("/proc/" + pid + "/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    /// What this JVM has open: files by their paths, deleted ones as `/tmp/x (deleted)`, and `socket:[4711]`.
    public static List<String> openFiles() {
        return openFiles(ProcessHandle.current().pid());
    }

    /// Those of them that contain this.
    public static List<String> openFiles(String part) {
        return openFiles().stream().filter(file -> file.contains(part)).toList();
    }

    /// What a process has open; nothing where it has ended.
    public static List<String> openFiles(long pid) {
        List<String> files = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    files.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // It was closed meanwhile.
                }
            }
        } catch (IOException e) {
            // It has ended meanwhile.
        }
        return files;
    }

    /// A process's resident memory in KiB; 0 where it has ended.
    public static long residentKib(long pid) {
        return kib(pid, "status", "VmRSS:");
    }

    /// A process's share of the memory that it uses together with others, in KiB; 0 where it has ended.
    public static long proportionalKib(long pid) {
        return kib(pid, "smaps_rollup", "Pss:");
    }

    private static long kib(long pid, String file, String key) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/" + file))) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
