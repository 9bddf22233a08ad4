package dev.loomgate.python.differential;

import dev.loomgate.gateway.Application;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.toolkit.middleware.Mounts;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// The server under test, in this process.
final class LoomgateContender implements Contender {
    private final Direct direct;
    private final List<PythonApplication> applications = new CopyOnWriteArrayList<>();

    /// As it comes.
    LoomgateContender() {
        this(Direct.AUTO);
    }

    /// @param direct whether workers take the connections of a unix socket
    LoomgateContender(Direct direct) {
        this.direct = direct;
    }

    @Override
    public String name() {
        return direct == Direct.AUTO
                ? "loomgate"
                : "loomgate-direct-" + direct.name().toLowerCase(Locale.ROOT);
    }

    /// How many requests the workers of all its servers have taken and begun by themselves.
    long takenByWorkers() {
        return applications.stream()
                .mapToLong(PythonApplication::directAccepted)
                .sum();
    }

    @Override
    public boolean offers(Mode mode) {
        return true;
    }

    @Override
    public RunningServer start(Path directory, Deployment deployment) throws ServerStartException {
        PythonApplication python = PythonApplication.of(options(deployment));
        applications.add(python);
        Application site = deployment.mount().isEmpty() ? python : Mounts.of().withMount(deployment.mount(), python);
        ListenAddress address = deployment.behindNginx()
                ? ListenAddress.uwsgi(directory.resolve("s").toString())
                : ListenAddress.http("127.0.0.1:0");
        LogLines log = LogLines.of("dev.loomgate");
        try {
            Server server = Server.builder(site)
                    .listen(address)
                    .options(ServerOptions.builder()
                            .loops(1)
                            .accessLog(false)
                            .direct(direct)
                            .build())
                    .start();
            return new Running(server, log);
        } catch (ServerStartException e) {
            log.close();
            throw e;
        }
    }

    private static PythonOptions options(Deployment deployment) {
        PythonProgram program = deployment.program();
        return PythonOptions.module(program.module())
                .interpreter(Python.DEBIAN)
                .home(program.virtualEnvironment().orElse(null))
                .pythonPath(List.of(program.directory()))
                .environment(program.environment())
                .processes(deployment.processes())
                .needApp(true)
                .mode(
                        switch (deployment.mode()) {
                            case SYNC -> new WorkerMode.Sync();
                            case THREADS -> new WorkerMode.Threads(8);
                            case ASYNCIO -> new WorkerMode.Asyncio(64);
                        })
                .build();
    }

    private record Running(Server server, LogLines lines) implements RunningServer {
        @Override
        public SocketAddress address() {
            return server.addresses().getFirst().socketAddress();
        }

        @Override
        public String log() {
            return String.join("\n", lines.lines());
        }

        @Override
        public void close() {
            server.close();
            lines.close();
        }
    }
}
