package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Vassals that belong to different users: as root.
@Timeout(300)
class TyrantTest {
    private static final int WWW_DATA = 33;
    private static final int MAIL = 8;

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Installation installation;

    @BeforeAll
    static void install() throws IOException {
        installation = Installation.in(shared);
    }

    private void write(String name, int owner, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Installation.openTo(file);
        Files.setAttribute(file, "unix:uid", owner);
        Files.setAttribute(file, "unix:gid", owner);
    }

    private String get(String site) throws IOException {
        try (HttpPeer peer = HttpPeer.to(UnixDomainSocketAddress.of(directory.resolve(site + ".sock")))) {
            return peer.get("/").answer().text();
        }
    }

    @Test
    void eachVassalIsItsFilesOwnerAndKnowsNothingOfOthers() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        write("who.py", 0, """
                import os
                def application(environ, start_response):
                    start_response("200 OK", [])
                    names = "SECRET", "UWSGI_SET_PLACEHOLDER", "UWSGI_VASSAL_SET_PLACEHOLDER", "UWSGI_EMPEROR"
                    known = [name + "=" + os.environ[name] for name in names if name in os.environ]
                    return [("%d %d %s %s" % (os.getuid(), os.getgid(), os.getgroups(), known)).encode()]
                """);
        String site = "[uwsgi]\nhttp-socket = %n.sock\nmodule = who\nprocesses = 1\npython = " + Python.DEBIAN + "\n";
        write("a.ini", WWW_DATA, site + "env = SECRET=a\n");
        write("b.ini", MAIL, site + "uid = root\n");
        write("root.ini", 0, site);
        write("hook", 0, "#!/bin/sh\necho $1 $(id -u) $(basename $UWSGI_VASSALS_DIR) >>hooks\n");
        write("hooks", 0, "");
        for (String all : List.of("hook", "hooks")) {
            Files.setPosixFilePermissions(directory.resolve(all), PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        String script = "export UWSGI_EMPEROR=. UWSGI_VASSAL_SET_PLACEHOLDER=x=1 _JAVA_SR_SIGNUM=60; exec \"$@\"";
        try (LoomgateProcess emperor = LoomgateProcess.launch(
                installation,
                List.of("/bin/bash", "-c", script, "bash"),
                directory,
                "--emperor-tyrant",
                "--emperor-freq",
                "200ms",
                "--vassals-start-hook",
                "./hook",
                "--vassals-stop-hook",
                "./hook")) {
            Eventually.await(
                    "both",
                    () -> emperor.err().contains("a.ini serves")
                            && emperor.err().contains("b.ini serves"));

            assertThat(get("a")).isEqualTo("33 33 [] ['SECRET=a', 'UWSGI_SET_PLACEHOLDER=x=1']");
            assertThat(get("b")).isEqualTo("8 8 [] ['UWSGI_SET_PLACEHOLDER=x=1']");
            assertThat(emperor.err())
                    .contains("root.ini belongs to root, or to its group, and doesn't run (--emperor-tyrant)");
            assertThat(directory.resolve("root.sock")).doesNotExist();
            assertThat(emperor.signal("TERM").status()).isZero();
            String here = " " + directory.getFileName();
            assertThat(Files.readAllLines(directory.resolve("hooks")))
                    .containsExactlyInAnyOrder("a.ini 33" + here, "b.ini 8" + here, "a.ini 0" + here, "b.ini 0" + here);
        }
    }

    @Test
    void whoIsNotRootIsNoTyrant() throws Exception {
        Installation.openTo(directory);
        try (LoomgateProcess emperor = LoomgateProcess.launch(
                installation, List.of(), directory, "--emperor", ".", "--emperor-tyrant", "--uid", "www-data")) {
            assertThat(emperor.status()).isEqualTo(1);
            assertThat(emperor.err())
                    .contains("loomgate: --emperor-tyrant: only root can run vassals as other users\n");
        }
    }
}
