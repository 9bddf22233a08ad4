package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The servers that run a Python program over HTTP, with two worker processes where nothing else is said.
final class PythonServers {
    private static final String TEXT = "Hello world!";

    /// What is asked for, again and again.
    ///
    /// @param options wrk's: a script, fields
    /// @param answer the whole body of what `GET path` is answered
    record Asked(String path, List<String> options, String answer) {
        static final Asked HELLO = new Asked("/", List.of(), TEXT);
    }

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

    /// With the interpreter and the uvloop that uvicorn has.
    Entrant loomgateAsgi(String name, String module, Asked asked, int processes, String... options) {
        return http(name, asked, address -> {
            List<String> command = loomgateOn(
                    python(), setting, module, "--processes", Integer.toString(processes), "--python-loop", "uvloop");
            command.addAll(List.of("--http", address.hostAndPort()));
            command.addAll(List.of(options));
            return command;
        });
    }

    /// What an operator starts.
    static List<String> loomgateCommand(Setting setting, String module, String... mode) {
        return loomgateOn("/usr/bin/python3", setting, module, mode);
    }

    private static List<String> loomgateOn(String python, Setting setting, String module, String... mode) {
        List<String> command = new ArrayList<>(List.of(
                setting.root().resolve("loomgate").toString(),
                "--disable-logging",
                "--python",
                python,
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
        return uvicorn(name, "asgi_hello", Asked.HELLO);
    }

    /// @param options more of uvicorn's
    Entrant uvicorn(String name, String module, Asked asked, String... options) {
        return http(name, asked, address -> {
            List<String> command = new ArrayList<>(List.of(
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
                    folder(setting)));
            command.addAll(List.of(options));
            command.add(module + ":application");
            return command;
        });
    }

    Entrant gunicorn(String name) {
        return gunicorn(name, "hello", 2);
    }

    Entrant gunicorn(String name, String module, int processes) {
        return gunicorn(python(), name, module, processes, "--worker-class", "gthread", "--threads", "4");
    }

    /// One process on Debian's gevent, by Debian's gunicorn: current ones want a newer gevent.
    Entrant gunicornGevent(String name, String module) {
        return gunicorn("/usr/bin/python3", name, module, 1, "--worker-class", "gevent", "--worker-connections", "512");
    }

    private Entrant gunicorn(String python, String name, String module, int processes, String... options) {
        return http(name, "/", address -> {
            List<String> command = new ArrayList<>(List.of(
                    python,
                    "-m",
                    "gunicorn",
                    "--bind",
                    address.hostAndPort(),
                    "--workers",
                    Integer.toString(processes),
                    "--keep-alive",
                    "75",
                    "--log-level",
                    "warning",
                    "--chdir",
                    folder(setting)));
            command.addAll(List.of(options));
            command.add(module + ":application");
            return command;
        });
    }

    /// uWSGI with HTTP of its own, a connection for each request: to be asked, not to be loaded.
    Entrant uwsgi(String name, String module, int processes) {
        return http(
                name,
                "/",
                address -> List.of(
                        "uwsgi",
                        "--plugin",
                        "python3",
                        "--http-socket",
                        address.hostAndPort(),
                        "--master",
                        "--processes",
                        Integer.toString(processes),
                        "--disable-logging",
                        "--die-on-term",
                        "--chdir",
                        folder(setting),
                        "--module",
                        module));
    }

    /// The interpreter that has uvicorn and gunicorn.
    private static String python() {
        return System.getProperty("loomgate.python", "/usr/bin/python3");
    }

    private Entrant http(String name, String path, Function<Address, List<String>> command) {
        return http(name, new Asked(path, List.of(), TEXT), command);
    }

    private Entrant http(String name, Asked asked, Function<Address, List<String>> command) {
        return new Entrant(name, given -> {
            Address address = Address.free();
            ServerProcess server = ServerProcess.start(given, command.apply(address), setting.scratch());
            return new Contender(server, address, asked.path(), asked.answer(), asked.options());
        });
    }
}
