package dev.loomgate.cli.emperor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.emperor.EmperorSettings.Tyrant;
import dev.loomgate.cli.emperor.EmperorSettings.VassalOptions;
import dev.loomgate.cli.process.OwnCommand;
import dev.loomgate.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files are vassals, and how they are started: as uWSGI does it.
class VassalCommandTest {
    private static final OwnCommand PROGRAM = new OwnCommand(
            "/jdk/bin/java",
            List.of("-Xmx1g", "-Dloomgate.background=true", "-Dloomgate.vassal=above.ini", "-cp", "x.jar"),
            List.of("Main", "--emperor", "vassals"));

    @TempDir
    private Path directory;

    private Path vassals;

    @BeforeEach
    void makeVassals() throws IOException {
        vassals = Files.createDirectory(directory.resolve("vassals"));
        for (String name :
                List.of("a.ini", "b.yml", "c.yaml", "d.js", "e.json", "f.xml", "g.conf", "h.ini~", ".i.ini")) {
            Files.writeString(vassals.resolve(name), "");
        }
        Files.createDirectory(vassals.resolve("j.ini"));
        Files.createSymbolicLink(vassals.resolve("k.ini"), Path.of("g.conf"));
        Files.createSymbolicLink(vassals.resolve("l.ini"), Path.of("nowhere"));
    }

    private static EmperorSettings settings(String monitor, boolean follow, @Nullable Tyrant tyrant) {
        return new EmperorSettings(
                List.of(monitor),
                Duration.ofSeconds(3),
                follow,
                tyrant,
                new VassalOptions(
                        List.of("before"),
                        List.of("in-before"),
                        List.of("x=1", "y=2"),
                        List.of("after"),
                        List.of("in"),
                        null,
                        null),
                Duration.ofSeconds(1),
                Duration.ofMinutes(3),
                Duration.ofSeconds(30),
                Duration.ofSeconds(45),
                4,
                false,
                null,
                null);
    }

    private List<VassalFile> found(String monitor, boolean follow) {
        Monitor.Found found = new Monitor(monitor, directory, follow, follow).look();
        assertThat(found.complete()).isTrue();
        return found.files();
    }

    /// The words after the program, an option and its value in one.
    private static String arguments(VassalFile file, EmperorSettings settings) {
        List<String> command =
                new VassalCommand(PROGRAM, settings).of(file, false, false).command();
        return String.join(" ", command.subList(command.indexOf("Main") + 1, command.size()));
    }

    /// What uWSGI starts for each vassal: words, directory and variables of its own.
    private List<String> asked(String monitor, Map<String, String> environment, String... more) throws Exception {
        Path out = Files.createTempDirectory(directory, "out");
        Path wrapper =
                Files.writeString(Files.createTempFile(directory, "wrapper", ""), """
                #!/bin/sh
                { echo "$@"; pwd; env | grep '^UWSGI_' | grep -v EMPEROR_FD | grep -v ORIGINAL_PROC_NAME | sort; } >OUT/$$.part
                mv OUT/$$.part OUT/$$
                exec sleep 60
                """.replace("OUT", out.toString()));
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> options = new ArrayList<>(List.of(
                "--emperor",
                monitor,
                "--emperor-wrapper",
                wrapper.toString(),
                "--vassals-inherit-before",
                "before",
                "--vassals-include-before",
                "in-before",
                "--vassal-set",
                "x=1",
                "--vassals-set",
                "y=2",
                "--vassals-inherit",
                "after",
                "--vassals-include",
                "in"));
        options.addAll(List.of(more));
        int expected = found(monitor, more.length == 0).size();
        try (RealEmperor real = RealEmperor.start(directory, environment, options.toArray(String[]::new))) {
            Eventually.await(() -> expected + " vassals, uWSGI runs: " + real.isAlive(), () -> {
                try (Stream<Path> files = Files.list(out)) {
                    return files.filter(file -> !file.toString().endsWith(".part"))
                                    .count()
                            >= expected;
                }
            });
            List<String> all = new ArrayList<>();
            try (Stream<Path> files = Files.list(out)) {
                for (Path file : files.sorted().toList()) {
                    all.add(Files.readString(file));
                }
            }
            return all;
        }
    }

    private static String described(VassalFile file, EmperorSettings settings, Map<String, String> environment) {
        ProcessBuilder builder = new VassalCommand(PROGRAM, settings).of(file, false, false);
        builder.environment().clear();
        builder.environment().putAll(environment);
        VassalCommand.changeEnvironment(builder.environment(), file);
        TreeMap<String, String> own = new TreeMap<>(builder.environment());
        own.keySet().removeIf(name -> !name.startsWith("UWSGI_") || name.equals(VassalCommand.DIRECTORY_VARIABLE));
        String variables = own.entrySet().stream().map(each -> each + "\n").collect(Collectors.joining());
        return arguments(file, settings).replaceAll("(--[a-z]+)=", "$1 ") + "\n" + file.directory() + "\n" + variables;
    }

    @Test
    void filesWordsAndVariablesAreUwsgis() throws Exception {
        Map<String, String> environment = Map.of("UWSGI_RELOADS", "3", "UWSGI_PRINT", "x");
        for (String monitor : List.of("vassals", "vassals/*")) {
            EmperorSettings settings = settings(monitor, true, null);
            List<String> ours = found(monitor, true).stream()
                    .map(file -> described(file, settings, environment))
                    .toList();

            assertThat(ours).hasSize(monitor.endsWith("*") ? 7 : 8);
            assertThat(new TreeSet<>(asked(monitor, environment))).isEqualTo(new TreeSet<>(ours));
        }
    }

    @Test
    void linksThatLeadNowhereCountWhereTheyAreNotFollowed() throws Exception {
        EmperorSettings settings = settings("vassals", false, null);
        List<String> ours = found("vassals", false).stream()
                .map(file -> described(file, settings, Map.of()))
                .toList();

        assertThat(ours).hasSize(9);
        assertThat(new TreeSet<>(asked("vassals", Map.of(), "--emperor-nofollow")))
                .isEqualTo(new TreeSet<>(ours));
    }

    @Test
    void whatIsNoMatterOfTheFileIsAProperty() {
        VassalFile file = found("vassals", true).get(1);
        EmperorSettings tyrant = settings("vassals", true, new Tyrant(true, true));

        List<String> command =
                new VassalCommand(PROGRAM, tyrant).of(file, true, false).command();

        assertThat(command.subList(0, command.indexOf("Main")))
                .containsExactly(
                        "/jdk/bin/java",
                        "-Xmx1g",
                        "-cp",
                        "x.jar",
                        "-Dloomgate.vassal=a.ini",
                        "-Dloomgate.vassal.on-demand=true",
                        "-Dloomgate.vassal.user=%d:%d:groups".formatted(file.uid(), file.gid()));
    }

    /// As uWSGI documents it; 2.0.21 itself takes the variable after the one that it has just removed.
    @Test
    void variablesForVassalsAreOptionsThere() {
        Map<String, String> environment = new TreeMap<>(Map.of("UWSGI_VASSAL_SOCKET", "/tmp/s", "UWSGI_SOCKET", "/x"));

        VassalCommand.changeEnvironment(environment, found("vassals", true).getFirst());

        assertThat(environment).containsEntry("UWSGI_SOCKET", "/tmp/s").doesNotContainKey("UWSGI_VASSAL_SOCKET");
    }

    @Test
    void theEmperorsOwnFilesAndOptionsAreNotForVassals() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "UWSGI_INI",
                "emperor.ini",
                "UWSGI_EMPEROR",
                "vassals",
                "NOTIFY_SOCKET",
                "/run/s",
                "LISTEN_FDS",
                "1",
                "SECRET",
                "x"));

        VassalCommand.changeEnvironment(environment, found("vassals", true).getFirst());

        assertThat(environment)
                .containsOnlyKeys("SECRET", "PWD", VassalCommand.DIRECTORY_VARIABLE)
                .containsEntry("PWD", vassals.toString());
    }
}
