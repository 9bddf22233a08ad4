package dev.loomgate.bench.tables;

import java.io.IOException;
import java.util.List;

/// (h) A trivial Python program over keep-alive HTTP, on the whole machine.
public final class PythonOverHttp implements Table {
    private static final int CONNECTIONS = 64;
    private static final String UVICORN = "uvicorn (uvloop, httptools), 2 processes";
    private static final String GUNICORN = "gunicorn gthread, 2 processes of 4 threads";

    @Override
    public String letter() {
        return "h";
    }

    @Override
    public String title() {
        return "Python over keep-alive HTTP";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        PythonServers servers = new PythonServers(setting);
        List<Entrant> entrants = List.of(
                servers.loomgate("Loomgate, 2 processes", "hello", "/", "--processes", "2"),
                servers.loomgate(
                        "Loomgate, 2 processes, asyncio 512 + greenlet",
                        "hello",
                        "/",
                        "--processes",
                        "2",
                        "--asyncio",
                        "512",
                        "--greenlet"),
                servers.uvicorn(UVICORN),
                servers.gunicorn(GUNICORN));
        Race.Result result = new Race(CONNECTIONS, effort)
                .run(entrants.stream().filter(setting::takes).toList());
        RaceTable table = new RaceTable(result);
        return """
                `GET /` from `wrk -t1 -c%d`; the WSGI program is `bench/python/hello.py`, uvicorn's is the same in ASGI. CPU is that of all
                the server's processes. Ratios are of requests/s, with all of the machine's cores: the medians and, in \
                parentheses, the best.

                """.formatted(CONNECTIONS)
                + table.text(
                        "",
                        RaceTable.Reference.ofThroughput("× uvicorn", UVICORN),
                        RaceTable.Reference.ofThroughput("× gunicorn", GUNICORN))
                + "\n"
                + table.othersText();
    }
}
