package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;
import java.util.List;

/// (s) Hello in the two modes that have greenlets on a loop: gevent, and asyncio with greenlets, one worker process.
public final class Gevent implements Table {
    private static final int CONNECTIONS = 64;
    private static final String NGINX = "nginx: ";
    private static final String HTTP = "http: ";
    private static final String UWSGI_GEVENT = "uWSGI, gevent 512";
    private static final String UWSGI_ASYNCIO = "uWSGI, asyncio 512 + greenlet";
    private static final String GUNICORN = "gunicorn, gevent";
    private static final String[] GEVENT = {"--gevent", "512", "--gevent-monkey-patch"};
    private static final String[] ASYNCIO = {"--asyncio", "512", "--greenlet"};

    @Override
    public String letter() {
        return "s";
    }

    @Override
    public String title() {
        return "Greenlets: gevent and asyncio";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        GatewayServers servers = new GatewayServers(setting)
                .loomgatePython(NGINX + "Loomgate, gevent 512", "hello", "/", Hello.TEXT, GEVENT)
                .uwsgiGevent(NGINX + UWSGI_GEVENT, "hello", "/", Hello.TEXT, 1)
                .loomgatePython(NGINX + "Loomgate, asyncio 512 + greenlet", "hello", "/", Hello.TEXT, ASYNCIO)
                .uwsgiAsyncio(NGINX + UWSGI_ASYNCIO, "hello", "/", Hello.TEXT, 1);
        RaceTable behindNginx;
        try (Nginx _ = servers.startNginx()) {
            behindNginx = RaceTable.of(setting, CONNECTIONS, servers.entrants());
        }
        PythonServers python = new PythonServers(setting);
        RaceTable overHttp = RaceTable.of(
                setting,
                CONNECTIONS,
                List.of(
                        python.loomgate(HTTP + "Loomgate, gevent 512", "hello", "/", GEVENT),
                        python.gunicornGevent(HTTP + GUNICORN, "hello")));
        return """
                `hello.py` in one worker process, `wrk -t1 -c%d`, Debian's gevent and gunicorn. CPU is that of all the server's processes; Loomgate
                has a JVM beside its worker. Ratios are the medians and, in parentheses, the least. Behind one nginx over a unix socket:

                """.formatted(CONNECTIONS)
                + behindNginx.text(
                        NGINX,
                        new RaceTable.Reference("× uWSGI gevent", NGINX + UWSGI_GEVENT),
                        new RaceTable.Reference("× uWSGI asyncio", NGINX + UWSGI_ASYNCIO))
                + "\n"
                + behindNginx.othersText()
                + "\nOver keep-alive HTTP:\n\n"
                + overHttp.text(HTTP, new RaceTable.Reference("× gunicorn", HTTP + GUNICORN))
                + "\n"
                + overHttp.othersText();
    }
}
