package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The servers that run a Python program over HTTP, with two worker processes.
final class PythonServers {
    private static final String TEXT = "Hello world!";

    private final Setting setting;

    PythonServers(Setting setting) {
        this.setting = setting;
    }

    Entrant loomgate(String name, String module, String path, String... mode) {
        return http(name, path, address -> {
            List<String> command = loomgateCommand(setting, module, mode);
            command.addAll(List.of("--http", address.hostAndPort()));
            return command;
        });
    }

    /// What an operator starts.
    static List<String> loomgateCommand(Setting setting, String module, String... mode) {
        List<String> command = new ArrayList<>(List.of(
                setting.root().resolve("loomgate").toString(),
                "--disable-logging",
                "--python",
                "/usr/bin/python3",
                "--chdir",
                folder(setting),
                "-w",
                module));
        command.addAll(List.of(mode));
        return command;
    }

    static String folder(Setting setting) {
        return setting.root().resolve("bench/python").toString();
    }

    Entrant uvicorn(String name) {
        return http(
                name,
                "/",
                address -> List.of(
                        python(),
                        "-m",
                        "uvicorn",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(address.port()),
                        "--workers",
                        "2",
                        "--loop",
                        "uvloop",
                        "--http",
                        "httptools",
                        "--no-access-log",
                        "--log-level",
                        "warning",
                        "--app-dir",
                        folder(setting),
                        "asgi_hello:application"));
    }

    Entrant gunicorn(String name) {
        return http(
                name,
                "/",
                address -> List.of(
                        python(),
                        "-m",
                        "gunicorn",
                        "--bind",
                        address.hostAndPort(),
                        "--workers",
                        "2",
                        "--worker-class",
                        "gthread",
                        "--threads",
                        "4",
                        "--keep-alive",
                        "75",
                        "--log-level",
                        "warning",
                        "--chdir",
                        folder(setting),
                        "hello:application"));
    }

    /// The interpreter that has uvicorn and gunicorn.
    private static String python() {
        return System.getProperty("loomgate.python", "/usr/bin/python3");
    }

    private Entrant http(String name, String path, Function<Address, List<String>> command) {
        return new Entrant(name, given -> {
            Address address = Address.free();
            return new Contender(
                    ServerProcess.start(given, command.apply(address), setting.scratch()), address, path, TEXT);
        });
    }
}
