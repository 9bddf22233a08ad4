package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The files for systemd and for containers are what those take, and what they name is there.
@Timeout(120)
class PackagingTest {
    private static final Path ROOT = Path.of("..");
    private static final Path SYSTEMD = ROOT.resolve("packaging/systemd");
    private static final Path CONTAINER = ROOT.resolve("packaging/container/Dockerfile");
    private static final Pattern COPIED = Pattern.compile("(?m)^COPY (?!--from)(\\S+) ");
    private static final Pattern FROM_STAGE = Pattern.compile("(?m)^COPY --from=build (\\S+) ");

    @TempDir
    private Path directory;

    private static List<Path> units() throws IOException {
        try (Stream<Path> files = Files.list(SYSTEMD)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void systemdTakesTheUnits() throws Exception {
        Path program = Files.writeString(directory.resolve("loomgate"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
        assertThat(units()).hasSize(3);
        for (Path unit : units()) {
            String text = Files.readString(unit).replace("/opt/loomgate/loomgate ", program + " ");
            command.add(Files.writeString(directory.resolve(unit.getFileName()), text)
                    .toString());
        }

        assertThat(Processes.run(command.toArray(String[]::new)).lines().filter(line -> line.contains("loomgate")))
                .isEmpty();
    }

    @Test
    void theUsersSnippetMakesTheUserThatTheDirectoryIsOf() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        for (String kind : List.of("sysusers.d", "tmpfiles.d")) {
            Path to = Files.createDirectories(root.resolve("usr/lib").resolve(kind));
            Files.copy(SYSTEMD.resolve(kind).resolve("loomgate.conf"), to.resolve("loomgate.conf"));
        }
        Files.createDirectory(root.resolve("etc"));

        Processes.run("systemd-sysusers", "--root=" + root);
        Processes.run("systemd-tmpfiles", "--create", "--root=" + root);

        String user = Files.readAllLines(root.resolve("etc/passwd")).stream()
                .filter(line -> line.startsWith("loomgate:"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.getAttribute(root.resolve("run/loomgate"), "unix:uid"))
                .isEqualTo(Integer.parseInt(user.split(":", -1)[2]));
    }

    @Test
    void whatTheImageIsMadeOfIsThere() throws Exception {
        String text = Files.readString(CONTAINER);

        assertThat(COPIED.matcher(text).results())
                .isNotEmpty()
                .allSatisfy(copied -> assertThat(ROOT.resolve(copied.group(1))).exists());
        assertThat(FROM_STAGE.matcher(text).results()).isNotEmpty().allSatisfy(copied -> assertThat(text)
                .containsPattern("(?m)^RUN .*[^\\n]*(\\\\\\n.*)?" + copied.group(1)));
        assertThat(text)
                .contains(
                        "RUN /src/loomgate package /opt/loomgate --with-java\n",
                        "ENTRYPOINT [\"/opt/loomgate/loomgate\"");
        assertThat(text).contains("USER loomgate\n");
    }
}
