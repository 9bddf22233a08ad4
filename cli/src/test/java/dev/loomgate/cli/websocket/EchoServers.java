package dev.loomgate.cli.websocket;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A Java application and a Python one that send back what they receive, each over HTTP and behind nginx.
final class EchoServers implements AutoCloseable {
    private final List<Server> servers;
    private final Nginx nginx;
    private final Map<String, String> addresses = new LinkedHashMap<>();

    EchoServers(Path directory, WebSocketOptions sockets) throws Exception {
        copy("echo.py", directory);
        Path java = directory.resolve("java.sock");
        Path python = directory.resolve("python.sock");
        servers = List.of(
                start(EchoServers::echo, java, sockets),
                start(
                        PythonApplication.of(PythonOptions.module("echo")
                                .interpreter(Python.DEBIAN)
                                .pythonPath(List.of(directory))
                                .mode(new WorkerMode.Threads(4))
                                .build()),
                        python,
                        sockets));
        nginx = Nginx.start(
                directory, Nginx.uwsgiPass("/java", "unix:" + java), Nginx.uwsgiPass("/python", "unix:" + python));
        addresses.put("Java", "ws://127.0.0.1:" + port(servers.getFirst()) + "/");
        addresses.put("Python", "ws://127.0.0.1:" + port(servers.getLast()) + "/");
        addresses.put("Java behind nginx", "ws://127.0.0.1:" + nginx.port() + "/java");
        addresses.put("Python behind nginx", "ws://127.0.0.1:" + nginx.port() + "/python");
    }

    private static Server start(Application application, Path socket, WebSocketOptions sockets) throws Exception {
        return Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .listen(ListenAddress.uwsgi(socket.toString()))
                .options(ServerOptions.builder()
                        .loops(1)
                        .webSockets(sockets)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
    }

    private static int port(Server server) {
        return ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort();
    }

    private static Body echo(Environ environ, StartResponse startResponse) {
        return environ.webSocket()
                .orElseThrow(() -> new IllegalStateException("no WebSocket"))
                .accept(startResponse, socket -> {
                    while (true) {
                        switch (socket.receive()) {
                            case WebSocket.Text text -> socket.send(text.content());
                            case WebSocket.Binary binary -> socket.send(binary.content());
                            case WebSocket.Closed _ -> {
                                return;
                            }
                        }
                    }
                });
    }

    /// Writes a file of the tests' resources.
    static Path copy(String name, Path directory) throws IOException {
        try (InputStream source = Objects.requireNonNull(EchoServers.class.getResourceAsStream(name))) {
            return Files.write(directory.resolve(name), source.readAllBytes());
        }
    }

    /// By what answers there.
    Map<String, String> addresses() {
        return addresses;
    }

    @Override
    public void close() {
        nginx.close();
        servers.forEach(Server::stop);
    }
}
