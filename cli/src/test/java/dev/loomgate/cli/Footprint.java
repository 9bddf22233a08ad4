package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a server at rest holds: the JVM and the Python processes below it. From proc(5), and `jcmd` for the heap.
///
/// @param heapKilobytes what is used after a full collection
/// @param jvmKilobytes resident memory of the JVM
/// @param pythonKilobytes the Python processes' proportional share of memory, together
/// @param descriptors open in all processes together: how many of a kind, `5 socket` or the file's name
/// @param processes the JVM and what is below it
/// @param temporaryFiles the names in the server's temporary directory, numbers taken out of them
record Footprint(
        long heapKilobytes,
        long jvmKilobytes,
        long pythonKilobytes,
        List<String> descriptors,
        int processes,
        List<String> temporaryFiles) {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int EQUAL_LOOKS = 4;
    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    /// Waits until the server is at rest: several looks in a row show the same processes, descriptors and files.
    static Footprint atRest(long pid, Path temporary) throws Exception {
        jcmd(pid, "GC.run"); // its first call makes the JVM open a socket
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Footprint last = look(pid, temporary);
        for (int equal = 1; equal < EQUAL_LOOKS; ) {
            assertThat(System.nanoTime())
                    .as("at rest in time; last seen: %s", last)
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(250);
            Footprint next = look(pid, temporary);
            equal = next.holdsTheSameAs(last) ? equal + 1 : 1;
            last = next;
        }
        jcmd(pid, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
        long heap = 0;
        while (used.find()) {
            heap += Long.parseLong(used.group(1));
        }
        assertThat(heap).as("the heap that jcmd tells of").isPositive();
        return new Footprint(
                heap, last.jvmKilobytes, last.pythonKilobytes, last.descriptors, last.processes, last.temporaryFiles);
    }

    /// After the same load again, no more than before. Memory may differ by what allocators keep.
    void assertNoMoreThan(Footprint before) {
        String seen = "before %s, after %s".formatted(before, this);
        assertThat(processes).as("processes: %s", seen).isEqualTo(before.processes);
        assertThat(descriptors).as("descriptors: %s", seen).isEqualTo(before.descriptors);
        assertThat(temporaryFiles).as("temporary files: %s", seen).isEqualTo(before.temporaryFiles);
        assertThat(heapKilobytes).as("heap: %s", seen).isLessThan(before.heapKilobytes + 4_000);
        assertThat(jvmKilobytes).as("resident: %s", seen).isLessThan(before.jvmKilobytes * 5 / 4 + 30_000);
        assertThat(pythonKilobytes).as("Python: %s", seen).isLessThan(before.pythonKilobytes * 5 / 4 + 10_000);
    }

    private boolean holdsTheSameAs(Footprint other) {
        return descriptors.equals(other.descriptors)
                && processes == other.processes
                && temporaryFiles.equals(other.temporaryFiles);
    }

    private static Footprint look(long pid, Path temporary) throws IOException {
        List<Long> all = new ArrayList<>(List.of(pid));
        ProcessHandle.of(pid)
                .orElseThrow()
                .descendants()
                .map(ProcessHandle::pid)
                .forEach(all::add);
        List<String> open = new ArrayList<>();
        long python = 0;
        for (long process : all) {
            Processes.openFiles(process).stream()
                    .filter(target -> !target.endsWith(".jar")) // opened when a class is first needed
                    .forEach(open::add);
            python += process == pid ? 0 : Processes.proportionalKib(process);
        }
        return new Footprint(0, Processes.residentKib(pid), python, counted(open), all.size(), names(temporary));
    }

    /// What is in a directory and below, by kinds.
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return counted(files.filter(file -> !file.equals(directory))
                    .map(file -> String.valueOf(directory.relativize(file)))
                    .toList());
        } catch (UncheckedIOException e) {
            return List.of(e.toString()); // one vanished while they were listed: the next look sees the rest
        }
    }

    /// How many there are of each, without the numbers and letters that change.
    private static List<String> counted(List<String> names) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (String name : names) {
            String kind = name.replaceAll("(loomgate-)[a-z0-9_]+", "$1*")
                    .replaceAll("-\\d+", "-*")
                    .replaceAll(":\\[\\d+]", "");
            counts.merge(kind, 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList();
    }

    private static String jcmd(long pid, String command) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        return said;
    }
}
