package dev.loomgate.server.bind;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The file of a unix socket, from before the bind until the server has gone.
///
/// A socket's file gets its mode from the umask, and a chmod after the bind leaves a moment in which others may
/// connect. So the socket is bound inside a directory that only this user may enter, gets its owner and mode there, and
/// moves to its place by a rename, which also replaces a stale socket without a moment when there is none:
///
/// ```
///  prepare()    /run/.k3f9/            0700, fresh
///  (bind)       /run/.k3f9/s           whatever the umask says
///  publish()    /run/.k3f9/s           0660
///               /run/app.sock          0660, by rename
///  remove()     gone, if it is still this socket
/// ```
///
/// ```java
/// UnixSocketFile file = UnixSocketFile.prepare(Path.of("/run/app.sock"), 0660);
/// try {
///     channel.bind(UnixDomainSocketAddress.of(file.bindPath()));
/// } catch (IOException e) {
///     file.abandon();
///     throw e;
/// }
/// file.publish();
/// ```
///
/// Used by one thread at a time. Messages of its exceptions are lines for the operator.
public final class UnixSocketFile {
    /// The most bytes of a unix socket's path, or of an abstract name without its `@`.
    ///
    /// `sockaddr_un` has 108. A path has a final NUL, and the JDK keeps another one to itself; an abstract name
    /// has a NUL before it, and Netty keeps another one to itself.
    public static final int MAX_BYTES = 106;

    private static final System.Logger LOG = System.getLogger("dev.loomgate.server");
    private static final String SOCKET_NAME = "s";

    private final Path path;
    private final Path directory;
    private final int mode;
    private final SocketOwner owner;
    private @Nullable Object published;

    private UnixSocketFile(Path path, Path directory, int mode, SocketOwner owner) {
        this.path = path;
        this.directory = directory;
        this.mode = mode;
        this.owner = owner;
    }

    /// Looks whether a socket may take that place, and makes the directory to bind in.
    ///
    /// @param mode permission bits of the socket, 0 to 0777
    /// @throws BindException if the path is too long, is taken by a file that is no socket or by a socket on which
    /// a server answers, or its directory isn't there or not writable
    public static UnixSocketFile prepare(Path path, int mode) throws BindException {
        return prepare(path, mode, SocketOwner.find(""));
    }

    /// The same, for a socket that is given to somebody.
    public static UnixSocketFile prepare(Path path, int mode, SocketOwner owner) throws BindException {
        if (mode < 0 || mode > 0777) {
            throw new IllegalArgumentException("mode is 0%o, not in 0 to 0777".formatted(mode));
        }
        checkLength(path, path, "takes");
        checkPlace(path);
        Path directory = makeDirectory(path);
        return new UnixSocketFile(path, directory, mode, owner);
    }

    /// Where to bind.
    public Path bindPath() {
        return directory.resolve(SOCKET_NAME);
    }

    /// Gives the bound socket its mode and its place; clients can connect from now on.
    ///
    /// @throws BindException if that fails; the file and the directory are gone then
    public void publish() throws BindException {
        giveAway();
        try {
            Files.setPosixFilePermissions(bindPath(), PosixFilePermissions.fromString(modeText(mode)));
            published = identity(bindPath());
            Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(directory);
        } catch (IOException e) {
            abandon();
            throw failure(path, "can't be put in its place: " + reason(e), e);
        }
    }

    private void giveAway() throws BindException {
        try {
            owner.own(bindPath());
        } catch (IOException e) {
            abandon();
            throw failure(
                    path, "can't be given to %s: %s".formatted(owner, reason(e).replaceFirst("^.*: ", "")), e);
        }
    }

    /// Takes back what [#prepare] made, when the bind failed.
    public void abandon() {
        deleteQuietly(bindPath());
        deleteQuietly(directory);
    }

    /// Deletes the socket's file if it is still the one that [#publish] put there, and not one of a server that
    /// has taken the place meanwhile. Where that fails, as for a server that has become another user, it is logged
    /// once; the next server replaces the file. To be called before the socket is closed: until then no other file
    /// can have
    /// its identity.
    ///
    /// @return whether it was deleted
    public boolean remove() {
        Object ours = published;
        published = null;
        try {
            return ours != null && ours.equals(identity(path)) && Files.deleteIfExists(path);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOG.log(Level.INFO, "unix socket {0} is left behind, it can''t be removed: {1}", path, reason(e));
            return false;
        }
    }

    /// The socket's path.
    @Override
    public String toString() {
        return path.toString();
    }

    private static void checkLength(Path path, Path bound, String what) throws BindException {
        int length = bound.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw failure(path, "%s %d bytes, over the %d of a unix socket's path".formatted(what, length, MAX_BYTES));
        }
    }

    private static void checkPlace(Path path) throws BindException {
        int type;
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            type = mode & FileTypes.MASK;
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw failure(path, reason(e), e);
        }
        if (type != FileTypes.SOCKET) {
            throw failure(path, "there is " + FileTypes.nameOf(type) + " at that path already");
        }
        boolean live;
        try {
            live = LiveSocket.answers(path);
        } catch (IOException e) {
            throw failure(path, "there is a socket already, and whether it is alive can't be told: " + reason(e), e);
        }
        if (live) {
            throw failure(path, "a server is listening there already");
        }
    }

    private static Path makeDirectory(Path path) throws BindException {
        while (true) {
            String name = "."
                    + Integer.toString(
                            36 * 36 * 36 + ThreadLocalRandom.current().nextInt(35 * 36 * 36 * 36), 36);
            Path directory = path.resolveSibling(name);
            checkLength(path, directory.resolve(SOCKET_NAME), "while it is bound, takes");
            try {
                return Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                // Another name, then.
            } catch (NoSuchFileException e) {
                throw failure(path, "there is no directory " + parent(path), e);
            } catch (IOException e) {
                throw failure(path, "its directory: " + reason(e), e);
            }
        }
    }

    private static @Nullable Path parent(Path path) {
        return path.toAbsolutePath().normalize().getParent();
    }

    private static Object identity(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Object key = attributes.fileKey();
        return key == null ? attributes.creationTime() : key;
    }

    private static String modeText(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 0 ? '-' : "rwx".charAt(2 - bit % 3));
        }
        return text.toString();
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static BindException failure(Path path, String why) {
        return new BindException("unix socket %s: %s".formatted(path, why));
    }

    private static BindException failure(Path path, String why, IOException cause) {
        BindException failure = failure(path, why);
        failure.initCause(cause);
        return failure;
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // What is left behind is a socket that nobody can enter: not worth hiding the failure that led here.
        }
    }
}
