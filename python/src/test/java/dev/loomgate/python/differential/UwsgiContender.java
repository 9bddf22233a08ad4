package dev.loomgate.python.differential;

import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// uWSGI, by HTTP without its router, or behind nginx.
final class UwsgiContender implements Contender {
    @Override
    public String name() {
        return "uwsgi";
    }

    @Override
    public boolean offers(Mode mode) {
        return true;
    }

    @Override
    public RunningServer start(Path directory, Deployment deployment) throws IOException {
        PythonProgram program = onPython311(deployment.program());
        if (deployment.mode() == Mode.ASYNCIO) {
            program = program.with("DJANGO_ALLOW_ASYNC_UNSAFE", "true");
        }
        String[] options = options(deployment).toArray(String[]::new);
        Uwsgi server = deployment.behindNginx()
                ? Uwsgi.unix(directory, program, options)
                : Uwsgi.http(directory, program, options);
        return new RunningServer() {
            @Override
            public SocketAddress address() {
                return server.address();
            }

            @Override
            public String log() throws IOException {
                return server.log();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    static List<String> options(Deployment deployment) {
        List<String> options = new ArrayList<>(
                switch (deployment.mode()) {
                    case SYNC -> List.of("--plugin", "python3", "--enable-threads");
                    case THREADS -> List.of("--plugin", "python3", "--threads", "8");
                    case ASYNCIO ->
                        List.of(
                                "--plugin",
                                "python3,asyncio_python3,greenlet_python3",
                                "--asyncio",
                                "64",
                                "--greenlet",
                                "--enable-threads");
                });
        options.addAll(List.of("--processes", Integer.toString(deployment.processes())));
        options.add("--master");
        if (!deployment.mount().isEmpty()) {
            options.addAll(List.of(
                    "--mount",
                    deployment.mount() + "=" + deployment.program().module() + ":application",
                    "--manage-script-name",
                    "--no-default-app"));
        }
        return options;
    }

    // Python 3.11 has no asyncio.coroutine any more: such a program has a few lines for uWSGI beside it.
    static PythonProgram onPython311(PythonProgram program) {
        String adapted = program.module() + "_on_311";
        return Files.exists(program.directory().resolve(adapted + ".py")) ? program.withModule(adapted) : program;
    }
}
