package dev.loomgate.bench.tables;

import dev.loomgate.bench.HelloLoomgate;
import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.SelfSigned;
import dev.loomgate.bench.harness.ServerProcess;
import dev.loomgate.bench.peers.HelidonHello;
import dev.loomgate.bench.peers.Hello;
import dev.loomgate.bench.peers.JettyEcho;
import dev.loomgate.bench.peers.JettyHello;
import dev.loomgate.bench.peers.NettyHello;
import dev.loomgate.bench.peers.UndertowHello;
import dev.loomgate.bench.peers.VertxEcho;
import dev.loomgate.bench.peers.VertxHello;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The Java servers that answer hello over HTTP.
final class HelloServers {
    static final String NETTY = "Netty, 1 epoll loop";
    static final String VERTX = "Vert.x, 1 loop, epoll";

    static final String ECHO = "Loomgate, 1 loop";

    /// The article's quick resource, and what it answers without a name.
    static final String USER = "/user";

    private static final String NOBODY = "Hello World!!";

    private final Setting setting;

    HelloServers(Setting setting) {
        this.setting = setting;
    }

    List<Entrant> loomgate() {
        return Stream.of("loop epoll", "virtual epoll", "threads epoll", "loop nio", "loop io_uring")
                .map(row -> row.split(" ", -1))
                .map(row -> loomgate(row[0], row[1]))
                .toList();
    }

    Entrant loomgate(String engine, String transport) {
        return java(
                "Loomgate, 1 loop, " + engine + ", " + transport,
                HelloLoomgate.class,
                "--engine",
                engine,
                "--transport",
                transport,
                "--http");
    }

    /// Those that send WebSocket messages back, Loomgate first.
    List<Entrant> echoes() {
        return List.of(
                application(ECHO, "echo"), java(VERTX, VertxEcho.class), java("Jetty, defaults", JettyEcho.class));
    }

    /// One of Loomgate's applications that say hello.
    Entrant application(String name, String application) {
        return java(name, HelloLoomgate.class, "--app", application, "--http");
    }

    Entrant article(String name) {
        return java(name, HelloLoomgate.class, "--app", "article", "--http");
    }

    /// What an operator starts: the launcher, with the article's application.
    Entrant launcher(String name) {
        return new Entrant(name, given -> {
            Address address = Address.free();
            List<String> command =
                    List.of(setting.root().resolve("loomgate").toString(), "demo", "--http", address.hostAndPort());
            ServerProcess server = ServerProcess.start(given, command, setting.scratch());
            return new Contender(server, address, USER, NOBODY);
        });
    }

    /// What an operator starts: the launcher, with an application that says hello.
    Entrant launched(String name, String... application) {
        return new Entrant(name, given -> {
            Address address = Address.free();
            List<String> command = new ArrayList<>(
                    List.of(setting.root().resolve("loomgate").toString(), "--disable-logging", "--http"));
            command.add(address.hostAndPort());
            command.addAll(List.of(application));
            return new Contender(ServerProcess.start(given, command, setting.scratch()), address, "/", Hello.TEXT);
        });
    }

    Entrant uploads(String name) {
        return new Entrant(name, given -> start(given, USER, NOBODY, HelloLoomgate.class, "--app", "upload", "--http"));
    }

    /// Those that speak HTTP/2 in the clear.
    List<Entrant> http2Peers() {
        return peers().stream().filter(peer -> !peer.name().equals(NETTY)).toList();
    }

    List<Entrant> peers() {
        return List.of(
                java(NETTY, NettyHello.class),
                java(VERTX, VertxHello.class),
                java("Undertow, 1 I/O thread", UndertowHello.class),
                java("Helidon, defaults", HelidonHello.class),
                java("Jetty, defaults", JettyHello.class));
    }

    /// All that speak TLS, Loomgate by each of its engines.
    List<Entrant> https(SelfSigned certificate) {
        String store = certificate.store().toString();
        return List.of(
                tls(NETTY + ", BoringSSL", NettyHello.class, store),
                tls(VERTX + ", BoringSSL", VertxHello.class, store),
                tls("Undertow, 1 I/O thread, JDK's TLS", UndertowHello.class, store),
                tls("Helidon, defaults, JDK's TLS", HelidonHello.class, store),
                tls("Jetty, defaults, JDK's TLS", JettyHello.class, store),
                loomgateTls("Loomgate, 1 loop, BoringSSL", certificate, "openssl", "--app", "hello"),
                loomgateTls("Loomgate, 1 loop, JDK's TLS", certificate, "jdk", "--app", "hello"));
    }

    /// Loomgate with a file to be got, without TLS.
    Entrant bulk(String name, Path file) {
        return java(name, HelloLoomgate.class, "--file", file.toString(), "--http");
    }

    /// Loomgate with a file to be got.
    Entrant bulk(String name, SelfSigned certificate, String engine, Path file) {
        return loomgateTls(name, certificate, engine, "--file", file.toString());
    }

    Entrant loomgateTls(String name, SelfSigned certificate, String engine, String... application) {
        List<String> arguments = new ArrayList<>(List.of(application));
        arguments.addAll(List.of("--tls-engine", engine));
        arguments.addAll(List.of("--certificate", certificate.certificate().toString()));
        arguments.addAll(List.of("--key", certificate.key().toString(), "--https"));
        return tls(name, HelloLoomgate.class, arguments.toArray(String[]::new));
    }

    private Entrant tls(String name, Class<?> main, String... arguments) {
        return new Entrant(name, given -> start(given, Address.freeForTls(), "/", Hello.TEXT, main, arguments));
    }

    private Entrant java(String name, Class<?> main, String... arguments) {
        return new Entrant(name, given -> start(given, "/", Hello.TEXT, main, arguments));
    }

    /// Starts `main` with these arguments and a free port as the last one.
    private Contender start(String name, String path, String answer, Class<?> main, String... arguments)
            throws IOException {
        return start(name, Address.free(), path, answer, main, arguments);
    }

    private Contender start(
            String name, Address address, String path, String answer, Class<?> main, String... arguments)
            throws IOException {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of(Integer.toString(address.port())))
                .toArray(String[]::new);
        ServerProcess server = ServerProcess.start(name, setting.jvm().command(main, all), setting.scratch());
        return new Contender(server, address, path, answer);
    }
}
