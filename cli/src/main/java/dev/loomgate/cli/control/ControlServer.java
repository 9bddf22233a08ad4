package dev.loomgate.cli.control;

import dev.loomgate.cli.admin.AdminServer;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.ServerActions;
import dev.loomgate.cli.log.LogTail;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The control socket of a server, from the moment in which it serves to its end.
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final String OPTION = "--control";
    private static final int OWNER_ALONE = 0600;

    private final AdminServer server;
    private final @Nullable RunDirectory directory;
    private final Path socket;

    private ControlServer(AdminServer server, @Nullable RunDirectory directory, Path socket) {
        this.server = server;
        this.directory = directory;
        this.socket = socket;
    }

    /// Takes commands from now on, and says in the user's run directory where. Without such a directory it serves as
    /// well, for those who name the socket.
    ///
    /// @param socket where; only the process's user may connect
    /// @param version of the program
    /// @throws ServerStartException if the socket can't be made, with one line for the operator
    public static ControlServer start(Path socket, LiveServer live, ServerActions actions, LogTail log, String version)
            throws ServerStartException {
        Path place = socket.toAbsolutePath().normalize();
        log.start();
        AdminServer server = AdminServer.start(
                OPTION,
                new ControlApplication(live, actions, log, version),
                ListenAddress.http(place.toString()),
                OWNER_ALONE);
        try {
            RunDirectory directory = RunDirectory.ofUser();
            directory.add(place);
            return new ControlServer(server, directory, place);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "--control {0}: loomgate ctl finds it by its path alone: {1}",
                    place,
                    e.getMessage());
            return new ControlServer(server, null, place);
        }
    }

    /// The socket is removed.
    @Override
    public void close() {
        if (directory != null) {
            directory.remove(socket);
        }
        server.close();
    }
}
