package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// (k) Servers from their first answer on: how long they take to become as quick as they will be, under full
/// load and where a site is quiet.
public final class FirstMinute implements Table {
    private static final String[] TWO = {"--processes", "2"};
    private static final String LOOMGATE = "Loomgate";
    private static final String UWSGI = "uWSGI";

    /// Servers with the same program.
    ///
    /// @param peer the server whose requests/s others' are compared with
    private record Group(String title, String prefix, String peer) {}

    private static final Group HELLO = new Group("Java hello over HTTP", "java: ", "Vert.x, 1 loop, epoll");
    private static final Group FLASK_HTTP = new Group("`flask_hello.py` over HTTP", "http: ", "uvicorn");
    private static final Group FLASK = new Group("`flask_hello.py` behind nginx", "flask: ", UWSGI);
    private static final Group MILLISECOND = new Group("`millisecond.py` behind nginx", "1 ms: ", UWSGI);

    @Override
    public String letter() {
        return "k";
    }

    @Override
    public String title() {
        return "From the first answer on";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        GatewayServers gateway = new GatewayServers(setting);
        for (String module : List.of("flask_hello", "millisecond")) {
            Group group = module.equals("millisecond") ? MILLISECOND : FLASK;
            gateway.loomgatePython(group.prefix() + LOOMGATE, module, "/", Hello.TEXT, TWO);
            gateway.uwsgiSync(group.prefix() + UWSGI, module, "/", Hello.TEXT, 2);
        }
        List<Entrant> entrants = new ArrayList<>();
        HelloServers hello = new HelloServers(setting);
        entrants.add(named(
                HELLO, LOOMGATE + ", `./loomgate --app`", hello.launched(LOOMGATE, "--app", sourceFile(setting))));
        hello.peers().stream()
                .filter(peer -> peer.name().startsWith("Vert.x") || peer.name().startsWith("Helidon"))
                .forEach(peer -> entrants.add(named(HELLO, peer.name(), peer)));
        PythonServers python = new PythonServers(setting);
        entrants.add(python.loomgate(FLASK_HTTP.prefix() + LOOMGATE, "flask_hello", "/", TWO));
        entrants.add(python.uvicorn(
                FLASK_HTTP.prefix() + "uvicorn", "flask_hello", PythonServers.Asked.HELLO, "--interface", "wsgi"));
        entrants.add(python.gunicorn(FLASK_HTTP.prefix() + "gunicorn", "flask_hello", 2));
        entrants.addAll(gateway.entrants());
        List<Entrant> taking = entrants.stream().filter(setting::takes).toList();
        WarmUps warmUps = new WarmUps(setting.effort().windows());
        try (Nginx _ = gateway.startNginx()) {
            for (WarmUps.Load load : WarmUps.Load.values()) {
                for (Entrant entrant : taking) {
                    warmUps.measure(entrant, load);
                }
            }
        }
        return text(warmUps);
    }

    private static Entrant named(Group group, String name, Entrant entrant) {
        return new Entrant(group.prefix() + name, entrant.start());
    }

    static String sourceFile(Setting setting) {
        return setting.root().resolve("bench/java/Hello.java").toString();
    }

    private static String text(WarmUps warmUps) {
        StringBuilder text = new StringBuilder(
                """
                Each server alone, from its start: after its first answer, windows of %d s without a pause. Full load is `wrk -t1 -c%d`, else
                %d requests a second. Python servers have two worker processes, the same interpreter where it is Debian's, and nginx is that of \
                (b). CPU is
                that of all the server's processes a request. "then" is the median of the last third. "compilers" is the CPU that the
                JVM's C1 and C2 have used from the start of the process to the end of the first %d s of load.
                """.formatted(WarmUps.WINDOW.toSeconds(), WarmUps.CONNECTIONS, WarmUps.PACE, warmUps.seconds()));
        for (WarmUps.Load load : WarmUps.Load.values()) {
            for (Group group : List.of(HELLO, FLASK_HTTP, FLASK, MILLISECOND)) {
                String table = warmUps.text(load, group.prefix(), group.peer());
                if (!table.isEmpty()) {
                    text.append("\n%s, %s:\n\n".formatted(group.title(), load.told()))
                            .append(table);
                }
            }
        }
        return text + warmUps.othersText();
    }
}
