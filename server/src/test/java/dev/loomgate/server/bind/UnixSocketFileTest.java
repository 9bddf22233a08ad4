package dev.loomgate.server.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnixSocketFileTest {
    private final Path directory;

    private final List<ServerSocketChannel> open = new ArrayList<>();

    UnixSocketFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @AfterEach
    void closeServers() throws IOException {
        for (ServerSocketChannel server : open) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"0660, rw-rw----", "0666, rw-rw-rw-", "0600, rw-------", "0777, rwxrwxrwx", "0, ---------"})
    void socketHasExactlyItsMode(String mode, String text) throws IOException {
        Path path = directory.resolve("app.sock");
        publish(path, Integer.parseInt(mode, 8));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo(text);
    }

    @Test
    void untilItHasItsModeOthersCannotReachIt() throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(directory.resolve("app.sock"), 0600);
        bind(file.bindPath());
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file.bindPath().getParent())))
                .isEqualTo("rwx------");
        assertThat(directory.resolve("app.sock")).doesNotExist();
        file.publish();
        assertThat(names()).containsExactly("app.sock");
    }

    @Test
    void clientsConnectToThePublishedSocket() throws IOException {
        Path path = directory.resolve("app.sock");
        publish(path, 0660);
        assertThat(connects(path)).isTrue();
    }

    @Test
    void staleSocketIsReplaced() throws IOException {
        Path path = directory.resolve("app.sock");
        publish(path, 0660);
        open.getLast().close();
        assertThat(path).exists();
        publish(path, 0600);
        assertThat(connects(path)).isTrue();
        assertThat(names()).containsExactly("app.sock");
    }

    @Test
    void socketOfALiveServerIsNotReplaced() throws IOException {
        Path path = directory.resolve("app.sock");
        publish(path, 0660);
        assertRefused(path, "a server is listening there already");
        assertThat(connects(path)).isTrue();
    }

    @Test
    void socketOfALiveServerWithAFullBacklogIsNotReplaced() throws IOException {
        Path path = directory.resolve("app.sock");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(server);
        server.bind(UnixDomainSocketAddress.of(path), 1);
        List<SocketChannel> waiting = new ArrayList<>();
        try {
            fill(path, waiting);
            assertRefused(path, "a server is listening there already");
            assertThat(path).exists();
        } finally {
            for (SocketChannel client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void fileIsNeverReplaced() throws IOException {
        Path path = Files.writeString(directory.resolve("app.sock"), "precious");
        assertRefused(path, "there is a regular file at that path already");
        assertThat(path).hasContent("precious");
    }

    @Test
    void directoryAndLinkAreNamed() throws IOException {
        assertRefused(Files.createDirectory(directory.resolve("d")), "there is a directory at that path already");
        assertRefused(
                Files.createSymbolicLink(directory.resolve("l"), directory.resolve("nowhere")),
                "there is a symbolic link at that path already");
    }

    @Test
    void missingDirectoryIsNamed() {
        assertRefused(directory.resolve("nowhere/app.sock"), "there is no directory " + directory.resolve("nowhere"));
    }

    @Test
    void longestPathThatFitsWorksAndOneMoreIsNamed() throws IOException {
        int room = 106 - directory.toString().length() - 1;
        Path longest = directory.resolve("x".repeat(room));
        publish(longest, 0660);
        assertThat(connects(longest)).isTrue();
        assertRefused(directory.resolve("x".repeat(room + 1)), "takes 107 bytes, over the 106 of a unix socket's path");
    }

    @Test
    void aShortNameNeedsRoomToBeBound() throws IOException {
        // .xxxx/s takes seven bytes
        Path deep = Files.createDirectory(
                directory.resolve("x".repeat(106 - directory.toString().length() - 2 - 6)));
        assertRefused(deep.resolve("a"), "while it is bound, takes 107 bytes, over the 106 of a unix socket's path");
    }

    @Test
    void removeDeletesOurSocketOnce() throws IOException {
        Path path = directory.resolve("app.sock");
        UnixSocketFile file = publish(path, 0660);
        assertThat(file.remove()).isTrue();
        assertThat(path).doesNotExist();
        assertThat(file.remove()).isFalse();
    }

    @Test
    void removeLeavesTheSocketOfASuccessor() throws IOException {
        Path path = directory.resolve("app.sock");
        UnixSocketFile first = publish(path, 0660);
        Files.delete(path);
        UnixSocketFile second = publish(path, 0660);
        assertThat(first.remove()).isFalse();
        assertThat(connects(path)).isTrue();
        assertThat(second.remove()).isTrue();
    }

    @Test
    void abandonLeavesNothing() throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(directory.resolve("app.sock"), 0660);
        bind(file.bindPath());
        file.abandon();
        assertThat(names()).isEmpty();
    }

    @Test
    void publishWithoutASocketLeavesNothing() throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(directory.resolve("app.sock"), 0660);
        assertThatThrownBy(file::publish).isInstanceOf(BindException.class);
        assertThat(names()).isEmpty();
    }

    private UnixSocketFile publish(Path path, int mode) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(path, mode);
        bind(file.bindPath());
        file.publish();
        return file;
    }

    private void bind(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(server);
        server.bind(UnixDomainSocketAddress.of(path));
    }

    private static void fill(Path path, List<SocketChannel> waiting) throws IOException {
        while (true) {
            SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
            waiting.add(client);
            client.configureBlocking(false);
            try {
                if (!client.connect(UnixDomainSocketAddress.of(path))) {
                    return;
                }
            } catch (IOException full) {
                return;
            }
        }
    }

    private static boolean connects(Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return client.isConnected();
        }
    }

    private static void assertRefused(Path path, String why) {
        assertThatThrownBy(() -> UnixSocketFile.prepare(path, 0660))
                .isInstanceOf(BindException.class)
                .hasMessage("unix socket " + path + ": " + why);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
