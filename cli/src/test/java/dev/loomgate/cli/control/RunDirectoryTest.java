package dev.loomgate.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class RunDirectoryTest {
    @TempDir
    private Path directory;

    private int uid() throws IOException {
        return (int) Files.getAttribute(directory, "unix:uid");
    }

    private RunDirectory made() throws IOException {
        return RunDirectory.in(Map.of("XDG_RUNTIME_DIR", directory.toString()), uid(), directory);
    }

    @Test
    void aServerThatListensIsFoundAndOneThatHasDiedIsForgotten() throws Exception {
        RunDirectory run = made();
        Path alive = directory.resolve("alive.sock");
        Path dead = directory.resolve("dead.sock");
        run.add(alive);
        run.add(dead);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(alive));
            assertThat(run.sockets()).containsExactly(alive);
            try (Stream<Path> entries = Files.list(directory.resolve("loomgate"))) {
                assertThat(entries).hasSize(1);
            }
            run.remove(alive);
            assertThat(run.sockets()).isEmpty();
        }
    }

    @Test
    void nobodyElseMayLookIntoIt() throws Exception {
        made();
        Path path = directory.resolve("loomgate");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::made).hasMessageContaining("of this user's alone (mode 0700)");
    }

    @Test
    void withoutARuntimeDirectoryOfTheUsersItIsAmongTemporaryFiles() throws Exception {
        RunDirectory.in(Map.of(), uid(), directory);
        assertThat(directory.resolve("loomgate-" + uid())).isDirectory();
        RunDirectory.in(Map.of("XDG_RUNTIME_DIR", directory.resolve("nowhere").toString()), uid(), directory);
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }
}
