package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;

/// (g) Python programs behind one nginx, two worker processes each: where Loomgate takes uWSGI's place.
public final class PythonBehindNginx implements Table {
    private static final int CONNECTIONS = 64;
    private static final String LOOMGATE = "Loomgate";
    private static final String UWSGI = "uWSGI";
    private static final String LOOMGATE_ASYNCIO = "Loomgate, asyncio 512 + greenlet";
    private static final String UWSGI_ASYNCIO = "uWSGI, asyncio 512 + greenlet";
    private static final String[] TWO = {"--processes", "2"};
    private static final String[] TWO_ASYNCIO = {"--processes", "2", "--asyncio", "512", "--greenlet"};

    private record Program(String prefix, String module, String told) {}

    private static final Program HELLO = new Program("hello: ", "hello", "`hello.py`, no framework");
    private static final Program FLASK = new Program("flask: ", "flask_hello", "`flask_hello.py`");
    private static final Program DJANGO = new Program("django: ", "django_hello", "`django_hello.py`");

    @Override
    public String letter() {
        return "g";
    }

    @Override
    public String title() {
        return "Python behind one nginx over a unix socket";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        GatewayServers servers = new GatewayServers(setting);
        for (Program program : new Program[] {HELLO, FLASK, DJANGO}) {
            servers.loomgatePython(program.prefix() + LOOMGATE, program.module(), "/", Hello.TEXT, TWO);
            servers.uwsgiSync(program.prefix() + UWSGI, program.module(), "/", Hello.TEXT, 2);
        }
        servers.loomgatePython(HELLO.prefix() + LOOMGATE_ASYNCIO, HELLO.module(), "/", Hello.TEXT, TWO_ASYNCIO);
        servers.uwsgiAsyncio(HELLO.prefix() + UWSGI_ASYNCIO, HELLO.module(), "/", Hello.TEXT, 2);
        Race.Result result;
        try (Nginx _ = servers.startNginx()) {
            result = new Race(CONNECTIONS, effort.warmUp(), effort.warmRequests(), effort.round(), effort.rounds())
                    .run(servers.entrants().stream().filter(setting::takes).toList());
        }
        RaceTable table = new RaceTable(result);
        StringBuilder text = new StringBuilder("""
                `wrk -t1 -c%d` to one nginx, as in (b); all servers have two worker processes and the same interpreter, Debian's. CPU is \
                that of
                all the server's processes. Ratios are of requests/s: the medians and, in parentheses, the best.
                """.formatted(CONNECTIONS));
        for (Program program : new Program[] {HELLO, FLASK, DJANGO}) {
            text.append("\n").append(program.told()).append(":\n\n");
            text.append(
                    program.equals(HELLO)
                            ? table.text(
                                    program.prefix(),
                                    RaceTable.Reference.ofThroughput("× uWSGI", program.prefix() + UWSGI),
                                    RaceTable.Reference.ofThroughput(
                                            "× uWSGI asyncio", program.prefix() + UWSGI_ASYNCIO))
                            : table.text(
                                    program.prefix(),
                                    RaceTable.Reference.ofThroughput("× uWSGI", program.prefix() + UWSGI)));
        }
        return text + "\n" + table.othersText();
    }
}
