package dev.loomgate.python.differential;

import dev.loomgate.testkit.peers.Gunicorn;
import dev.loomgate.testkit.peers.PythonProgram;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// gunicorn with its sync and gthread workers; it has nothing like uWSGI's asyncio loop for WSGI applications.
final class GunicornContender implements Contender {
    @Override
    public String name() {
        return "gunicorn";
    }

    @Override
    public boolean offers(Mode mode) {
        return mode != Mode.ASYNCIO;
    }

    @Override
    public RunningServer start(Path directory, Deployment deployment) throws IOException {
        PythonProgram program = deployment.program();
        if (!deployment.mount().isEmpty()) {
            program = program.with("SCRIPT_NAME", deployment.mount());
        }
        List<String> options = new ArrayList<>(List.of("--workers", Integer.toString(deployment.processes())));
        if (deployment.mode() == Mode.THREADS) {
            options.addAll(List.of("--worker-class", "gthread", "--threads", "8"));
        }
        Gunicorn server = Gunicorn.start(directory, program, options.toArray(String[]::new));
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
}
