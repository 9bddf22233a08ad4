package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// (t) Hello without and with what shows a running server: metrics, and besides the control socket and the dashboard,
/// which nobody looks at meanwhile.
public final class BeingSeen implements Table {
    private static final int CONNECTIONS = 64;
    private static final String JAVA = "Java over HTTP";
    private static final String PYTHON = "Python behind nginx";
    private static final String METRICS = ", metrics";
    private static final String ALL = ", metrics, control, dashboard";

    @Override
    public String letter() {
        return "t";
    }

    @Override
    public String title() {
        return "What it costs to be seen";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        HelloServers java = new HelloServers(setting);
        String hello = FirstMinute.sourceFile(setting);
        RaceTable overHttp = RaceTable.of(
                setting,
                CONNECTIONS,
                List.of(
                        java.launched(JAVA, "--loops=1", "--app", hello),
                        java.launched(JAVA + METRICS, with(metrics(), "--loops=1", "--app", hello)),
                        java.launched(JAVA + ALL, with(all(setting, "java"), "--loops=1", "--app", hello))));
        GatewayServers servers = new GatewayServers(setting)
                .loomgatePython(PYTHON, "hello", "/", Hello.TEXT)
                .loomgatePython(PYTHON + METRICS, "hello", "/", Hello.TEXT, with(metrics()))
                .loomgatePython(PYTHON + ALL, "hello", "/", Hello.TEXT, with(all(setting, "python")));
        RaceTable behindNginx;
        try (Nginx _ = servers.startNginx()) {
            behindNginx = RaceTable.of(setting, CONNECTIONS, servers.entrants());
        }
        return """
                Hello of the toolkit on one loop over HTTP, and `hello.py` in one worker that takes nginx's connections itself, `wrk -t1 -c%d`. CPU
                is that of all the server's processes. Ratios are the medians and, in parentheses, the least.

                """.formatted(CONNECTIONS)
                + overHttp.text("", new RaceTable.Reference("× without", JAVA))
                + "\n"
                + overHttp.othersText()
                + "\n"
                + behindNginx.text("", new RaceTable.Reference("× without", PYTHON))
                + "\n"
                + behindNginx.othersText();
    }

    private static List<String> metrics() throws IOException {
        return List.of("--metrics", Address.free().hostAndPort());
    }

    private static List<String> all(Setting setting, String name) throws IOException {
        return List.of(
                "--metrics",
                Address.free().hostAndPort(),
                "--control",
                setting.scratch().resolve(name + ".control").toString(),
                "--dashboard",
                Address.free().hostAndPort());
    }

    private static String[] with(List<String> options, String... others) {
        return Stream.concat(options.stream(), Stream.of(others)).toArray(String[]::new);
    }
}
