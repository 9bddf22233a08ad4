package dev.loomgate.cli.process;

import dev.loomgate.cli.process.RunAs.Credentials;
import dev.loomgate.server.ServerStartException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A command that runs beside the server, as the leader of a session and so of a process group of its own. What it
/// starts is in that group, too, unless it leaves it.
///
/// Java can't start a process so; `setsid` and `setpriv` of util-linux do it, in the process that becomes the command.
///
/// @param command for the shell; its outputs are the server's
/// @param environment variables besides those of who started the server
/// @param withInput whether it has the server's standard input, rather than an empty one
/// @param endsWithServer whether the system kills it when the thread that has called [#start] ends, and so when the
///     server is killed
/// @param runAs who it is; anybody else than the server only if that is root's
/// @param pidFile where its process id is written before it begins; or null
public record SessionCommand(
        String command,
        Path directory,
        Map<String, String> environment,
        boolean withInput,
        boolean endsWithServer,
        RunAs runAs,
        @Nullable Path pidFile) {
    private static final int ROOT = 0;
    private static final int KILL = 9;

    public SessionCommand {
        environment = Map.copyOf(environment);
    }

    /// Whether it could be started, as the user who the server is now.
    ///
    /// @param option which asks for it, for messages
    /// @throws ServerStartException if not
    public void check(String option) throws ServerStartException {
        for (String program : List.of("setsid", "setpriv")) {
            if (!isInstalled(program)) {
                throw new ServerStartException(
                        "%s needs the program %s, which isn't in PATH: install the package util-linux"
                                .formatted(option, program));
            }
        }
        if (!Files.isDirectory(directory)) {
            throw new ServerStartException("%s: there is no directory %s".formatted(option, directory));
        }
        if (runAs.isAnother()) {
            Credentials who = runAs.credentials("uid of " + option, "gid of " + option);
            int user = SystemCalls.effectiveUser();
            if (user != ROOT && (who.uid() != user || who.gid() != SystemCalls.effectiveGroup())) {
                throw new ServerStartException(
                        "%s: only root can start it as %s, and the server runs as user %d (--uid)"
                                .formatted(option, who, user));
            }
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /// Starts it. Its process is the session's leader as soon as the command itself runs.
    ///
    /// @throws IOException if no process can be started
    public Process start() throws IOException {
        ProcessBuilder builder = Shell.of(written(), directory)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.command().addAll(0, before());
        builder.environment().putAll(environment);
        if (withInput) {
            builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
        }
        return builder.start();
    }

    private String written() {
        return pidFile == null
                ? command
                : "echo $$ >%s && exec /bin/sh -c %s".formatted(quoted(pidFile.toString()), quoted(command));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private List<String> before() throws IOException {
        List<String> privileges = new ArrayList<>();
        if (runAs.isAnother() && SystemCalls.effectiveUser() == ROOT) {
            privileges.addAll(credentials());
        }
        // After the change of user, which takes it back.
        if (endsWithServer) {
            privileges.addAll(List.of("--pdeathsig", "KILL"));
        }
        List<String> words = new ArrayList<>(List.of("setsid"));
        if (!privileges.isEmpty()) {
            words.add("setpriv");
            words.addAll(privileges);
        }
        return words;
    }

    private List<String> credentials() throws IOException {
        Credentials who;
        try {
            who = runAs.credentials("uid", "gid");
        } catch (ServerStartException e) {
            throw new IOException(e.getMessage(), e);
        }
        List<String> words = new ArrayList<>(List.of("--reuid", Integer.toString(who.uid()), "--regid"));
        words.add(Integer.toString(who.gid()));
        if (who.groups().isEmpty()) {
            words.add("--clear-groups");
        } else {
            words.add("--groups");
            words.add(
                    String.join(",", who.groups().stream().map(String::valueOf).toList()));
        }
        return words;
    }

    /// Sends a signal to a session's leader and all of its group, or to that process alone where it leads none.
    ///
    /// @param leader its process id
    /// @return whether there was somebody to get it whom this process may signal
    public static boolean signal(long leader, int signal) {
        // A group of 1 would be all processes of the system.
        return leader > 1 && (sent(-leader, signal) || sent(leader, signal));
    }

    private static boolean sent(long process, int signal) {
        try {
            SystemCalls.kill(Math.toIntExact(process), signal);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether somebody of a leader's group is left.
    public static boolean isThere(long leader) {
        return leader > 1 && sent(-leader, 0);
    }

    /// Ends a leader and all of its group at once.
    public static void kill(long leader) {
        if (leader > 1) {
            sent(-leader, KILL);
        }
    }
}
