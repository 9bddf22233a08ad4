package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/// What a hook does, as uWSGI writes it: `exec:./manage.py migrate`, `write:/run/shop.state up`.
///
/// What a JVM can't do to itself (`chdir`, `putenv`, `hostname`, `mount`) and what calls functions of uWSGI's own
/// (`call`,
/// `rpc`) isn't offered.
public sealed interface HookAction {
    /// Does it.
    ///
    /// @param directory what relative paths are relative to
    /// @throws IOException if it fails; the message says why
    /// @throws InterruptedException if interrupted meanwhile
    void run(Path directory) throws IOException, InterruptedException;

    /// A command for the shell.
    ///
    /// @param mustSucceed whether a status other than 0 is a failure
    record Exec(String command, boolean mustSucceed) implements HookAction {
        private static final Logger LOG = System.getLogger("dev.loomgate.cli");
        private static final String CALLERS_LOCALE = "LOOMGATE_LC_ALL";

        @Override
        public void run(Path directory) throws IOException, InterruptedException {
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                    .directory(directory.toFile())
                    .inheritIO();
            Map<String, String> environment = builder.environment();
            environment.remove("_JAVA_SR_SIGNUM");
            environment.keySet().removeAll(ServiceState.VARIABLES);
            String callers = environment.remove(CALLERS_LOCALE);
            if (callers != null && callers.isEmpty()) {
                environment.remove("LC_ALL");
            } else if (callers != null) {
                environment.put("LC_ALL", callers);
            }
            int status = builder.start().waitFor();
            if (status != 0 && mustSucceed) {
                throw new IOException("'%s' has ended with status %d".formatted(command, status));
            }
            LOG.log(Level.INFO, "''{0}'' has ended with status {1}", command, status);
        }
    }

    /// A text into a file.
    record Write(String file, String text, Set<OpenOption> how) implements HookAction {
        public Write {
            how = Set.copyOf(how);
        }

        @Override
        public void run(Path directory) throws IOException {
            Files.write(directory.resolve(file), text.getBytes(StandardCharsets.UTF_8), how.toArray(OpenOption[]::new));
        }
    }

    /// A new directory.
    record MakeDirectory(String path) implements HookAction {
        @Override
        public void run(Path directory) throws IOException {
            Files.createDirectory(directory.resolve(path));
        }
    }

    /// A file goes.
    record Unlink(String file) implements HookAction {
        @Override
        public void run(Path directory) throws IOException {
            Files.delete(directory.resolve(file));
        }
    }

    /// A line in the log.
    record Print(String text) implements HookAction {
        private static final Logger LOG = System.getLogger("dev.loomgate.cli");

        @Override
        public void run(Path directory) {
            LOG.log(Level.INFO, text);
        }
    }

    /// What is so anyway.
    record Nothing() implements HookAction {
        @Override
        public void run(Path directory) {}
    }

    /// @param text `NAME:ARGUMENT`
    /// @throws IllegalArgumentException if there is no such action; the message says so
    static HookAction of(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        return switch (name) {
            case "exec" -> new Exec(argument, true);
            case "safeexec" -> new Exec(argument, false);
            case "write" -> write(text, argument, "", StandardOpenOption.TRUNCATE_EXISTING);
            case "writen" -> write(text, argument, "\n", StandardOpenOption.TRUNCATE_EXISTING);
            case "append" -> write(text, argument, "", StandardOpenOption.APPEND);
            case "appendn" -> write(text, argument, "\n", StandardOpenOption.APPEND);
            case "create", "creat" -> write(text, argument + " ", "", StandardOpenOption.TRUNCATE_EXISTING);
            case "mkdir" -> new MakeDirectory(argument);
            case "unlink" -> new Unlink(argument);
            case "print", "log" -> new Print(argument);
            case "unix_signal" -> signal(text, argument);
            case "chdir", "cd" ->
                throw new IllegalArgumentException(
                        "'%s': the server stays in its directory, --chdir is for the program".formatted(text));
            default ->
                throw new IllegalArgumentException(
                        "'%s' is not offered: exec, safeexec, write, writen, append, appendn, create, mkdir, unlink, print"
                                .formatted(text));
        };
    }

    private static HookAction write(String all, String argument, String end, OpenOption how) {
        int space = argument.indexOf(' ');
        if (space < 1) {
            throw new IllegalArgumentException(
                    "'%s' has to be FILE and TEXT, with a space between them".formatted(all));
        }
        return new Write(
                argument.substring(0, space),
                argument.substring(space + 1) + end,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, how));
    }

    private static HookAction signal(String all, String argument) {
        if (argument.matches("(15|2) gracefully_kill_them_all")) {
            return new Nothing();
        }
        throw new IllegalArgumentException(
                "'%s': what signals do is fixed; SIGTERM and SIGINT are unix_signal:15 gracefully_kill_them_all"
                        .formatted(all));
    }
}
