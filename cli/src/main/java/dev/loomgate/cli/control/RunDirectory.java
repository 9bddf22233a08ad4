package dev.loomgate.cli.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Where the control sockets of a user's servers are written down: `$XDG_RUNTIME_DIR/loomgate`, or `/tmp/loomgate-UID`;
/// a file for each server, named by its process and the socket, with the socket's path. Only the user may look into it.
public final class RunDirectory {
    private static final String NAME = "loomgate";
    private static final String OWNER_ALONE = "rwx------";
    private static final String UNFINISHED = ".";

    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /// The directory of the process's user, which is made if it isn't there.
    ///
    /// @throws IOException if it can't be made, or belongs to somebody else; the message is a line for the operator
    static RunDirectory ofUser() throws IOException {
        int uid = uid();
        return in(System.getenv(), uid, Path.of("/tmp"));
    }

    /// The sockets of this user's servers that run, however they were started: in a session, which has a directory of
    /// its own, or as a service, which has none.
    ///
    /// @throws IOException if a directory can't be read; the message is a line for the operator
    public static List<Path> socketsOfUser() throws IOException {
        return socketsOfUser(System.getenv(), uid(), Path.of("/tmp"), Path.of("/run/user"));
    }

    /// @param temporary where they are without a session
    /// @param sessions where those of sessions are
    static List<Path> socketsOfUser(Map<String, String> environment, int uid, Path temporary, Path sessions)
            throws IOException {
        RunDirectory ours = in(environment, uid, temporary);
        Set<Path> found = new TreeSet<>(ours.sockets());
        for (Path other : List.of(among(temporary, uid), sessions.resolve(Integer.toString(uid), NAME))) {
            if (isOf(other, uid) && isPrivate(other)) {
                found.addAll(new RunDirectory(other).sockets());
            }
        }
        return List.copyOf(found);
    }

    private static Path among(Path temporary, int uid) {
        return temporary.resolve(NAME + "-" + uid);
    }

    /// @param temporary where it is without XDG_RUNTIME_DIR
    static RunDirectory in(Map<String, String> environment, int uid, Path temporary) throws IOException {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        boolean own = !runtime.isEmpty() && isOf(Path.of(runtime), uid);
        Path path = own ? Path.of(runtime, NAME) : among(temporary, uid);
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
        } catch (FileAlreadyExistsException e) {
            if (!isOf(path, uid) || !isPrivate(path)) {
                throw new IOException(path + ": it must be a directory of this user's alone (mode 0700)", e);
            }
        } catch (IOException e) {
            throw new IOException(path + ": it can't be made: " + e.getClass().getSimpleName(), e);
        }
        return new RunDirectory(path);
    }

    private static int uid() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private static boolean isOf(Path directory, int uid) {
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && uid == (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isPrivate(Path directory) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS))
                .equals(OWNER_ALONE);
    }

    private Path entry(Path socket) {
        return path.resolve("%d-%08x".formatted(ProcessHandle.current().pid(), socket.hashCode()));
    }

    /// This process has a control socket there.
    void add(Path socket) throws IOException {
        // Whole as soon as it is seen: who looks removes what names no socket.
        Path written = path.resolve(UNFINISHED + entry(socket).getFileName());
        Files.writeString(written, socket.toString());
        Files.move(written, entry(socket), StandardCopyOption.ATOMIC_MOVE);
    }

    /// It has none there any more.
    void remove(Path socket) {
        try {
            Files.deleteIfExists(entry(socket));
        } catch (IOException e) {
            // Who looks for servers removes it.
        }
    }

    /// The sockets of the servers that run. What ones have left behind that have died is removed.
    ///
    /// @throws IOException if it can't be read
    List<Path> sockets() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().startsWith(UNFINISHED)) {
                    continue;
                }
                Path socket = read(entry);
                if (answers(socket)) {
                    found.add(socket);
                } else {
                    Files.deleteIfExists(entry);
                }
            }
        }
        found.sort(null);
        return found;
    }

    private static Path read(Path entry) throws IOException {
        try {
            return Path.of(Files.readString(entry).strip());
        } catch (NoSuchFileException e) {
            return Path.of(""); // its server ends
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
