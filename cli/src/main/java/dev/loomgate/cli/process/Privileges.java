package dev.loomgate.cli.process;

import dev.loomgate.cli.process.RunAs.Credentials;
import dev.loomgate.server.ServerStartException;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives root's privileges up: the whole JVM becomes another user, for good, in all of its threads.
///
/// Looked up before anything is bound, so that a wrong name is told first; done between that and the application.
final class Privileges {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int ROOT = 0;
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final @Nullable Credentials wanted;
    private final @Nullable Credentials outOfReach;

    private Privileges(@Nullable Credentials wanted, @Nullable Credentials outOfReach) {
        this.wanted = wanted;
        this.outOfReach = outOfReach;
    }

    /// Who isn't root stays who it is ([#warn]): one configuration then serves root and a container's user.
    ///
    /// @throws ServerStartException if there is no such user or group
    static Privileges of(RunAs who) throws ServerStartException {
        if (!who.isAnother()) {
            return new Privileges(null, null);
        }
        Credentials credentials = who.credentials();
        int current = SystemCalls.effectiveUser();
        if (current == ROOT) {
            return new Privileges(credentials, null);
        }
        boolean isIt = credentials.uid() == current && credentials.gid() == SystemCalls.effectiveGroup();
        return new Privileges(null, isIt ? null : credentials);
    }

    /// Says that the user isn't the one that was asked for, where that is so. When the log is where it is to be.
    void warn() {
        if (outOfReach != null) {
            int current = SystemCalls.effectiveUser();
            LOG.log(
                    Level.WARNING,
                    "not started as root, so the user stays {0} instead of {1} (--uid, --gid)",
                    SystemCalls.user(current).map(SystemCalls.User::name).orElse(Integer.toString(current)),
                    outOfReach);
        }
    }

    /// Whether this process is root's, so far.
    static boolean isRoot() {
        return SystemCalls.effectiveUser() == ROOT;
    }

    /// Gives a file to the user that the server becomes.
    void own(int descriptor) throws IOException {
        if (wanted != null) {
            SystemCalls.fchown(descriptor, wanted.uid(), wanted.gid());
        }
    }

    /// Becomes that user.
    ///
    /// @param sockets files of unix sockets, which the user gets
    /// @param files other files, which the user gets as well
    /// @throws ServerStartException if that isn't possible, or the user couldn't run the server
    void drop(List<Path> sockets, List<Path> files) throws ServerStartException {
        Credentials who = wanted;
        if (who == null) {
            return;
        }
        try {
            for (Path socket : sockets) {
                give(socket, who);
            }
            for (Path file : files) {
                SystemCalls.lchown(file.toString(), who.uid(), who.gid());
            }
            SystemCalls.setGroups(who.groups());
            SystemCalls.setGroup(who.gid());
            SystemCalls.setUser(who.uid());
        } catch (IOException e) {
            throw new ServerStartException("can't become %s (--uid, --gid): %s".formatted(who, e.getMessage()), e);
        }
        if (who.uid() == ROOT) {
            LOG.log(Level.WARNING, "runs as {0}: what the application does, root does (--uid)", who);
            return;
        }
        checkInstallation(who);
        LOG.log(Level.INFO, "runs as {0}", who);
    }

    // Where others may write to the directory, something else may have taken the name.
    private static void give(Path socket, Credentials who) throws IOException {
        int mode = (int) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE) != SOCKET) {
            throw new IOException(socket + " is no socket any more");
        }
        SystemCalls.lchown(socket.toString(), who.uid(), who.gid());
    }

    // Classes are read when they are needed, and the interpreter is started by a program of the JDK's.
    private static void checkInstallation(Credentials who) throws ServerStartException {
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.notExists(path) && Files.isReadable(path.toAbsolutePath().getParent())) {
                continue;
            }
            if (!Files.isReadable(path) || (Files.isDirectory(path) && !Files.isExecutable(path))) {
                throw unreadable(who, path);
            }
        }
        Path starter = Path.of(System.getProperty("java.home"), "lib", "jspawnhelper");
        if (!Files.isExecutable(starter)) {
            throw unreadable(who, starter);
        }
    }

    private static ServerStartException unreadable(Credentials who, Path path) {
        return new ServerStartException(
                "%s can't read %s, which the server needs (--uid): install server and JDK where every user may read them"
                        .formatted(who.name(), path));
    }
}
