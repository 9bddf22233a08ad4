package dev.loomgate.testkit.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Jazzer, in a process of its own: libFuzzer's search, led by the coverage of our classes and by what they compare.
///
/// `target/fuzz/TARGET` has its corpus, its log, and the inputs that failed.
final class Engine {
    private static final String MAIN = "com.code_intelligence.jazzer.Jazzer";
    private static final int SHOWN_LINES = 40;
    private static final int MAX_INPUT_BYTES = 1024;

    private final Class<?> target;
    private final Corpus corpus;
    private final Path directory;

    Engine(Class<?> target, Corpus corpus) {
        this.target = target;
        this.corpus = corpus;
        this.directory = Path.of("target/fuzz").resolve(target.getSimpleName());
    }

    /// Searches for so long.
    ///
    /// @param keep whether the corpus is replaced by what is worth keeping of what was found
    /// @throws AssertionError with the input, if one fails
    void run(int seconds, boolean keep) throws IOException, InterruptedException {
        Path found = Files.createDirectories(directory.resolve("corpus"));
        int count = 0;
        for (byte[] input : corpus.inputs()) {
            Files.write(found.resolve("kept-" + count++), input);
        }
        int status = start(
                "fuzz.log", "-max_total_time=" + seconds, "-timeout=60", "-print_final_stats=1", found.toString());
        if (status != 0) {
            throw new AssertionError("%s: exit status %d%s\n%s"
                    .formatted(target.getName(), status, failed(), end(directory.resolve("fuzz.log"))));
        }
        if (keep) {
            keep(found);
        }
    }

    // The smallest set of inputs that covers what all of them do.
    private void keep(Path found) throws IOException, InterruptedException {
        Path least = directory.resolve("least");
        Files.createDirectories(least);
        clear(least);
        int status = start("merge.log", "-set_cover_merge=1", least.toString(), found.toString());
        if (status != 0) {
            throw new AssertionError(
                    "merge: exit status %d\n%s".formatted(status, end(directory.resolve("merge.log"))));
        }
        List<byte[]> inputs = read(least);
        if (inputs.isEmpty()) {
            throw new AssertionError("merge: found nothing\n" + end(directory.resolve("merge.log")));
        }
        corpus.replace(inputs);
    }

    private int start(String log, String... arguments) throws IOException, InterruptedException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx900m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                MAIN);
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(
                "--target_class=" + EngineEntry.class.getName(),
                "--target_args=" + target.getName(),
                "--instrumentation_includes=dev.loomgate.**",
                "--instrumentation_excludes=dev.loomgate.testkit.**",
                // What our classes call, not what the JDK calls: else the start takes a minute.
                "--custom_hook_includes=dev.loomgate.**",
                "-rss_limit_mb=4096",
                "-max_len=" + MAX_INPUT_BYTES,
                "-artifact_prefix=" + directory + "/",
                "--reproducer_path=" + directory));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile());
        builder.environment().merge("PATH", program(java) + ":", (path, own) -> own + path);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }

    // A merge starts the engine once more, by the name that it thinks it has.
    private Path program(List<String> java) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin")).toAbsolutePath();
        String quoted = java.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Path program = Files.writeString(bin.resolve("jazzer"), "#!/bin/sh\nexec " + quoted + " \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    /// The newest input that failed, as a corpus has it.
    private String failed() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Path newest = files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom)-.*"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElse(null);
            return newest == null ? "" : ", by the input\n" + Corpus.format(Files.readAllBytes(newest));
        }
    }

    private static String end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    private static List<byte[]> read(Path folder) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        return inputs;
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
