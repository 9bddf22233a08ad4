package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A real gunicorn on a port of 127.0.0.1: the second opinion where uWSGI has ways of its own.
public final class Gunicorn implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("Listening at: http://(127\\.0\\.0\\.1):(\\d+)");

    // A virtual environment needs no gunicorn of its own: Debian's packages come last.
    private static final String BOOT = """
            import sys
            sys.path.append("/usr/lib/python3/dist-packages")
            from gunicorn.app.wsgiapp import run
            run()
            """;

    private final InetSocketAddress address;
    private final Program program;

    private Gunicorn(InetSocketAddress address, Program program) {
        this.address = address;
        this.program = program;
    }

    /// Runs an application.
    ///
    /// @param parent where its directory is made
    /// @param options more of gunicorn's options, such as `--threads 4`
    public static Gunicorn start(Path parent, PythonProgram application, String... options) throws IOException {
        Path directory = Files.createTempDirectory(parent, "gunicorn-");
        Path python = application
                .virtualEnvironment()
                .map(home -> home.resolve("bin/python"))
                .orElse(Path.of(Python.DEBIAN));
        List<String> command = new ArrayList<>(List.of(python.toString(), "-c", BOOT, "-b", "127.0.0.1:0"));
        command.addAll(List.of("--pythonpath", application.directory().toString(), "--graceful-timeout", "1"));
        command.addAll(List.of(options));
        command.add(application.module() + ":application");
        Program program = Program.start(directory, application.environment(), command);
        return new Gunicorn(program.awaitListening(LISTENING), program);
    }

    public InetSocketAddress address() {
        return address;
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
