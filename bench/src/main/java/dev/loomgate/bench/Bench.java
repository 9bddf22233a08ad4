package dev.loomgate.bench;

import dev.loomgate.bench.harness.Jvm;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.tables.Effort;
import dev.loomgate.bench.tables.KeepAlive;
import dev.loomgate.bench.tables.Nginxed;
import dev.loomgate.bench.tables.Setting;
import dev.loomgate.bench.tables.Sleeping;
import dev.loomgate.bench.tables.SlowUploads;
import dev.loomgate.bench.tables.StartUp;
import dev.loomgate.bench.tables.Table;
import dev.loomgate.bench.tables.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `bench/run [TABLE...] [--quick]`: measures the tables asked for, all of them by default, and writes their
/// sections of bench/RESULTS.md. Exit status 2 for a wrong argument or a missing program.
public final class Bench {
    private static final List<Table> TABLES =
            List.of(new KeepAlive(), new Nginxed(), new Waiting(), new Sleeping(), new StartUp(), new SlowUploads());

    private Bench() {}

    public static void main(String[] args) throws Exception {
        Effort effort = Effort.FULL;
        List<Table> chosen = new ArrayList<>();
        for (String arg : args) {
            if (arg.equals("--quick")) {
                effort = Effort.QUICK;
            } else {
                chosen.add(TABLES.stream()
                        .filter(table -> table.letter().equals(arg))
                        .findFirst()
                        .orElseGet(() -> refuse("bench: no table " + arg + "; there are "
                                + String.join(
                                        " ", TABLES.stream().map(Table::letter).toList()))));
            }
        }
        Path root = Path.of(System.getProperty("loomgate.root", "."))
                .toAbsolutePath()
                .normalize();
        measure(chosen.isEmpty() ? TABLES : chosen, effort, root);
    }

    private static void measure(List<Table> tables, Effort effort, Path root) throws Exception {
        Path scratch = Files.createTempDirectory("loomgate-bench");
        // nginx's worker is another user where the run is root's, and must reach the sockets.
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch), "delete-scratch"));
        Setting setting = new Setting(effort, new Jvm(root), root, scratch);
        ResultsFile results = ResultsFile.read(root.resolve("bench/RESULTS.md"));
        for (Table table : tables) {
            Progress.say("(" + table.letter() + ") " + table.title());
            String text = table.measure(setting);
            System.out.println(text);
            results.replace(table, effort, text);
            results.write();
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

    private static Table refuse(String message) {
        System.err.println(message);
        System.exit(2);
        throw new AssertionError("unreachable");
    }
}
