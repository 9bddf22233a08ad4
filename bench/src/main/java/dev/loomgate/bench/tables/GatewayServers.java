package dev.loomgate.bench.tables;

import dev.loomgate.bench.HelloLoomgate;
import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.harness.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Servers that speak uwsgi on a unix socket, all behind one nginx. Add them, then start that nginx.
final class GatewayServers {
    private static final List<String> UWSGI_SYNC = List.of("uwsgi", "--plugin", "python3");
    private static final List<String> UWSGI_ASYNCIO =
            List.of("uwsgi", "--plugin", "python3,asyncio_python3,greenlet_python3", "--asyncio", "512", "--greenlet");
    private static final List<String> UWSGI_GEVENT =
            List.of("uwsgi", "--plugin", "python3,gevent_python3", "--gevent", "512", "--gevent-monkey-patch");

    private final Setting setting;
    private final Map<Address, Path> sockets = new LinkedHashMap<>();
    private final List<Entrant> entrants = new ArrayList<>();
    private List<String> wrkOptions = List.of();

    GatewayServers(Setting setting) {
        this.setting = setting;
    }

    List<Entrant> entrants() {
        return entrants;
    }

    /// The servers that are added from now on are asked with these options of wrk's: headers, a script.
    GatewayServers asking(List<String> options) {
        wrkOptions = List.copyOf(options);
        return this;
    }

    Nginx startNginx() throws IOException {
        return Nginx.start(setting.scratch(), sockets, true);
    }

    GatewayServers loomgate(String name, String application, String path, String answer) throws IOException {
        return add(name, path, answer, socket -> setting.jvm()
                .command(HelloLoomgate.class, "--app", application, "--socket", socket.toString()));
    }

    /// Loomgate as an operator starts it, with a Python program.
    GatewayServers loomgatePython(String name, String module, String path, String answer, String... mode)
            throws IOException {
        return add(name, path, answer, socket -> {
            List<String> command = PythonServers.loomgateCommand(setting, module, mode);
            command.addAll(List.of("--socket", socket.toString(), "--chmod-socket=666"));
            return command;
        });
    }

    GatewayServers uwsgiSync(String name, String module, String path, String answer, int processes) throws IOException {
        return add(name, path, answer, socket -> uwsgi(UWSGI_SYNC, module, socket, processes));
    }

    GatewayServers uwsgiAsyncio(String name, String module, String path, String answer, int processes)
            throws IOException {
        return add(name, path, answer, socket -> uwsgi(UWSGI_ASYNCIO, module, socket, processes));
    }

    GatewayServers uwsgiGevent(String name, String module, String path, String answer, int processes)
            throws IOException {
        return add(name, path, answer, socket -> uwsgi(UWSGI_GEVENT, module, socket, processes));
    }

    private interface SocketCommand {
        List<String> on(Path socket) throws IOException;
    }

    private GatewayServers add(String name, String path, String answer, SocketCommand command) throws IOException {
        Address address = Address.free();
        List<String> options = wrkOptions;
        Path socket = setting.scratch().resolve("server-" + sockets.size() + ".sock");
        sockets.put(address, socket);
        entrants.add(new Entrant(
                name,
                given -> new Contender(
                        ServerProcess.start(given, command.on(socket), setting.scratch()),
                        address,
                        path,
                        answer,
                        options)));
        return this;
    }

    private List<String> uwsgi(List<String> mode, String module, Path socket, int processes) throws IOException {
        List<String> command = new ArrayList<>(mode);
        command.addAll(List.of(
                "--processes",
                Integer.toString(processes),
                "--socket",
                socket.toString(),
                "--chmod-socket=666",
                "--disable-logging",
                "--die-on-term",
                "--listen",
                longestBacklog(),
                "--chdir",
                setting.root().resolve("bench/python").toString(),
                "--module",
                module));
        return command;
    }

    /// uWSGI refuses to start with a longer backlog than the kernel's own limit.
    private static String longestBacklog() throws IOException {
        byte[] somaxconn = new byte[32];
        int length;
        // Not Files.readString: files under /proc/sys answer the first read alone, and it reads a single byte first.
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/net/core/somaxconn"))) {
            length = in.read(somaxconn);
        }
        int most = Integer.parseInt(new String(somaxconn, 0, Math.max(0, length), StandardCharsets.US_ASCII).strip());
        return Integer.toString(Math.min(most, 16_384));
    }
}
