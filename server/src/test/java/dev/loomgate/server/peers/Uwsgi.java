package dev.loomgate.server.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// A real uWSGI that runs a Python program of the test resources on a unix socket: the reference.
public final class Uwsgi implements AutoCloseable {
    private static final List<String> PROGRAMS =
            List.of("article.py", "article_on_311.py", "failing_on_311.py", "echo_environ.py");

    private final Path socket;
    private final Program program;

    private Uwsgi(Path socket, Program program) {
        this.socket = socket;
        this.program = program;
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
            try (InputStream source = Uwsgi.class.getResourceAsStream("/peers/" + name)) {
                if (source == null) {
                    throw new IOException("no test resource /peers/" + name);
                }
                Files.copy(source, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path socket = directory.resolve("s");
        List<String> command = new ArrayList<>(List.of("/usr/bin/uwsgi"));
        command.addAll(options);
        command.addAll(List.of("-s", socket.toString(), "--chmod-socket=666", "-w", module));
        command.addAll(List.of("--need-app", "--die-on-term", "--buffer-size", "65535"));
        Program program = Program.start(directory, command);
        return new Uwsgi(socket, program.await(() -> accepts(socket)));
    }

    private static boolean accepts(Path socket) throws IOException {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        }
    }

    public Path socket() {
        return socket;
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
