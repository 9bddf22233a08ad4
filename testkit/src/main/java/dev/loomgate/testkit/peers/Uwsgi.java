package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A real uWSGI: the reference. It runs one of the test kit's Python programs, or one of the caller's.
public final class Uwsgi implements AutoCloseable {
    private static final List<String> PROGRAMS =
            List.of("article.py", "article_on_311.py", "failing_on_311.py", "echo_environ.py");

    private static final Pattern BOUND = Pattern.compile("bound to TCP address (127\\.0\\.0\\.1):(\\d+)");

    private final SocketAddress address;
    private final Program program;

    private Uwsgi(SocketAddress address, Program program) {
        this.address = address;
        this.program = program;
    }

    /// Runs an application on a port of 127.0.0.1 and speaks HTTP by itself.
    ///
    /// @param parent where its directory is made
    /// @param options more of uWSGI's options, `--plugin` first; `--mount` takes the application's place
    public static Uwsgi http(Path parent, PythonProgram application, String... options) throws IOException {
        Path directory = Files.createTempDirectory(parent, "uwsgi-");
        Program program = Program.start(
                directory, application.environment(), command(application, "--http-socket", "127.0.0.1:0", options));
        return new Uwsgi(program.awaitListening(BOUND), program);
    }

    /// Runs an application on a unix socket, for nginx.
    ///
    /// @param parent where its directory is made
    /// @param options more of uWSGI's options, `--plugin` first
    public static Uwsgi unix(Path parent, PythonProgram application, String... options) throws IOException {
        Path directory = Files.createTempDirectory(parent, "uwsgi-");
        Path socket = directory.resolve("s");
        Program program = Program.start(
                directory, application.environment(), command(application, "-s", socket.toString(), options));
        SocketAddress address = UnixDomainSocketAddress.of(socket);
        return new Uwsgi(address, program.awaitAccepting(address));
    }

    private static List<String> command(
            PythonProgram application, String socketOption, String place, String... options) {
        // Plugins come first: they bring further options.
        List<String> command = new ArrayList<>(List.of("/usr/bin/uwsgi"));
        command.addAll(List.of(options));
        command.addAll(List.of(socketOption, place, "--chmod-socket=666"));
        command.addAll(List.of("--pythonpath", application.directory().toString()));
        if (!command.contains("--mount")) {
            command.addAll(List.of("-w", application.module()));
        }
        application.virtualEnvironment().ifPresent(home -> command.addAll(List.of("--home", home.toString())));
        command.addAll(List.of("--need-app", "--die-on-term", "--no-orphans", "--buffer-size", "65535"));
        return command;
    }

    /// One synchronous worker.
    ///
    /// @param module the program without its `.py`
    public static Uwsgi sync(Path parent, String module) throws IOException {
        return start(parent, module, List.of("--plugin", "python3,ping"));
    }

    /// The article's command: an asyncio loop with that many greenlets.
    ///
    /// @param module the program without its `.py`
    public static Uwsgi asyncio(Path parent, String module, int cores) throws IOException {
        return start(
                parent,
                module,
                List.of(
                        "--plugin",
                        "python3,asyncio_python3,greenlet_python3",
                        "--asyncio",
                        Integer.toString(cores),
                        "--greenlet"));
    }

    private static Uwsgi start(Path parent, String module, List<String> options) throws IOException {
        Path directory = Files.createTempDirectory(parent, "uwsgi-");
        for (String name : PROGRAMS) {
            Programs.copy(name, directory.resolve(name));
        }
        Path socket = directory.resolve("s");
        List<String> command = new ArrayList<>(List.of("/usr/bin/uwsgi"));
        command.addAll(options);
        command.addAll(List.of("-s", socket.toString(), "--chmod-socket=666", "-w", module));
        command.addAll(List.of("--need-app", "--die-on-term", "--buffer-size", "65535"));
        Program program = Program.start(directory, command);
        SocketAddress address = UnixDomainSocketAddress.of(socket);
        return new Uwsgi(address, program.awaitAccepting(address));
    }

    /// Where it listens.
    public SocketAddress address() {
        return address;
    }

    /// Its unix socket's file.
    public Path socket() {
        if (address instanceof UnixDomainSocketAddress unix) {
            return unix.getPath();
        }
        throw new IllegalStateException("it listens on " + address);
    }

    /// What it has logged so far.
    public String log() throws IOException {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }
}
