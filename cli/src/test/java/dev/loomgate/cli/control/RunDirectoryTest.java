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
    void aServiceIsFoundFromASessionAndASessionsServerWithoutOne() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Path sessions = Files.createDirectory(directory.resolve("user"));
        Path session = Files.createDirectory(sessions.resolve(Integer.toString(uid())));
        Map<String, String> inside = Map.of("XDG_RUNTIME_DIR", session.toString());
        Path service = directory.resolve("service.sock");
        Path typed = directory.resolve("typed.sock");
        RunDirectory.in(Map.of(), uid(), temporary).add(service);
        RunDirectory.in(inside, uid(), temporary).add(typed);
        try (ServerSocketChannel one = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            one.bind(UnixDomainSocketAddress.of(service));
            other.bind(UnixDomainSocketAddress.of(typed));
            assertThat(RunDirectory.socketsOfUser(inside, uid(), temporary, sessions))
                    .containsExactly(service, typed);
            assertThat(RunDirectory.socketsOfUser(Map.of(), uid(), temporary, sessions))
                    .containsExactly(service, typed);
        }
    }

    @Test
    void whatOthersMayLookIntoIsPassedOverWhereTheSessionHasItsOwn() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Path open = Files.createDirectory(temporary.resolve("loomgate-" + uid()));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(open.resolve("1-0"), "/somebody.sock");
        Map<String, String> inside = Map.of("XDG_RUNTIME_DIR", directory.toString());
        assertThat(RunDirectory.socketsOfUser(inside, uid(), temporary, directory.resolve("none")))
                .isEmpty();
        assertThat(open.resolve("1-0")).exists();
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
