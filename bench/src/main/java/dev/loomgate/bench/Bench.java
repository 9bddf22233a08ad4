package dev.loomgate.bench;

import dev.loomgate.bench.harness.Jvm;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.tables.Setting;
import dev.loomgate.bench.tables.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/// `bench/run [TABLE...] [--quick] [--only=NAME,...]`: measures the tables asked for, all of them by default, and
/// writes their sections of bench/RESULTS.md; with `--only`, a part of the servers, only to be looked at. Exit
/// status 2 for a wrong argument.
public final class Bench {
    private Bench() {}

    public static void main(String[] args) throws Exception {
        try {
            measure(Arguments.parse(args));
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void measure(Arguments arguments) throws Exception {
        Path root = Path.of(System.getProperty("loomgate.root", "."))
                .toAbsolutePath()
                .normalize();
        Path scratch = Files.createTempDirectory("loomgate-bench");
        // nginx's worker is another user where the run is root's, and must reach the sockets.
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch), "delete-scratch"));
        Setting setting = new Setting(arguments.effort(), new Jvm(root), root, scratch, arguments.only());
        ResultsFile results = ResultsFile.read(root.resolve("bench/RESULTS.md"));
        boolean failed = false;
        for (Table table : arguments.tables()) {
            Progress.say("(" + table.letter() + ") " + table.title());
            try {
                String text = table.measure(setting);
                System.out.println(text);
                if (arguments.only().isEmpty()) {
                    results.replace(table, arguments.effort(), text);
                    results.write();
                }
            } catch (IOException e) {
                Progress.say("table " + table.letter() + " failed: " + e.getMessage());
                failed = true;
            }
        }
        if (failed) {
            System.exit(1);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            Progress.say("left behind: " + e.getMessage());
        }
    }
}
