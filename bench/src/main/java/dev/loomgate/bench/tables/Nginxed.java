package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;

/// (b) Hello and the article's `/user` behind one nginx over unix sockets: where Loomgate takes uWSGI's place.
public final class Nginxed implements Table {
    private static final int CONNECTIONS = 64;
    private static final String HELLO = "hello: ";
    private static final String USER = "user: ";
    private static final String LOOMGATE = "Loomgate, 1 loop";
    private static final String SYNC = "uWSGI sync, 1 process";
    private static final String ASYNCIO = "uWSGI asyncio 512 + greenlet";

    @Override
    public String letter() {
        return "b";
    }

    @Override
    public String title() {
        return "Behind one nginx over a unix socket";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        GatewayServers servers = new GatewayServers(setting)
                .loomgate(HELLO + LOOMGATE, "hello", "/", Hello.TEXT)
                .uwsgiSync(HELLO + SYNC, "hello", "/", Hello.TEXT, 1)
                .uwsgiAsyncio(HELLO + ASYNCIO, "hello", "/", Hello.TEXT, 1)
                .loomgate(USER + LOOMGATE, "article", "/user?name=Bob", "Hello Bob!")
                .uwsgiSync(USER + SYNC, "article_on_311", "/user?name=Bob", "Hello Bob!", 1)
                .uwsgiAsyncio(USER + ASYNCIO, "article_on_311", "/user?name=Bob", "Hello Bob!", 1);
        Race.Result result;
        try (Nginx _ = servers.startNginx()) {
            result = new Race(CONNECTIONS, effort)
                    .run(servers.entrants().stream().filter(setting::takes).toList());
        }
        RaceTable table = new RaceTable(result);
        return """
                `wrk -t1 -c%d` to one nginx (`worker_processes 1`), which opens a connection to the server for each request, as it
                does with every uwsgi server. CPU is the server's own, without nginx. Median (least to greatest) of %d rounds of \
                %d s
                in turn with the others, after %d s of warm-up. uWSGI is Debian's, with `--disable-logging` and `--listen` at somaxconn.
                Ratios compare the medians of CPU and, in parentheses, the least.

                The hello application (uWSGI: `bench/python/hello.py`, no framework):

                """.formatted(
                                CONNECTIONS,
                                effort.rounds(),
                                effort.round().toSeconds(),
                                effort.warmUp().toSeconds())
                + text(table, HELLO)
                + "\nThe article's program, `/user?name=Bob` (uWSGI: Werkzeug; Loomgate: its toolkit):\n\n"
                + text(table, USER)
                + "\n"
                + table.othersText();
    }

    private static String text(RaceTable table, String application) {
        return table.text(
                application,
                new RaceTable.Reference("× sync", application + SYNC),
                new RaceTable.Reference("× asyncio", application + ASYNCIO));
    }
}
