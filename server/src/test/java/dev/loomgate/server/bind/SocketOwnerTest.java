package dev.loomgate.server.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Needs to be root, as all of `./verify` may have to be.
final class SocketOwnerTest {
    private final Path path;

    SocketOwnerTest(@TempDir Path directory) {
        path = directory.resolve("app.sock");
    }

    private static String ids(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
    }

    private String idsOfSocket(String owner) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(path, 0660, SocketOwner.find(owner));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file.bindPath()));
            file.publish();
            return ids(path);
        } finally {
            file.remove();
        }
    }

    /// Debian's base system has these accounts.
    @ParameterizedTest
    @CsvSource({
        "www-data, 33:0",
        "www-data:adm, 33:4",
        ":adm, 0:4",
        "33:4, 33:4",
        "4711:4712, 4711:4712",
        "33:, 33:0",
        "'', 0:0",
    })
    void theSocketBelongsToThem(String owner, String ids) throws IOException {
        assertThat(idsOfSocket(owner)).isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody-here | there is no user nobody-here",
                "www-data:nobody-here | there is no group nobody-here",
                "nobody-here:nobody-here | there is no user nobody-here",
                ": | it names no user and no group",
            })
    void whoIsNotKnownIsTold(String owner, String why) {
        assertThatThrownBy(() -> SocketOwner.find(owner))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("socketOwner \"" + owner + "\": " + why);
    }

    @Test
    void aSocketThatCannotBeGivenAwayIsTakenBack() throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(path, 0660, SocketOwner.find("www-data"));
        // Nothing is bound there, so there is nothing to give.
        assertThatThrownBy(file::publish)
                .isInstanceOf(BindException.class)
                .hasMessage("unix socket %s: can't be given to www-data: no such file or directory", path);
        try (Stream<Path> left = Files.list(path.getParent())) {
            assertThat(left).isEmpty();
        }
    }
}
