package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// (g) Python programs behind one nginx, two worker processes each: where Loomgate takes uWSGI's place.
public final class PythonBehindNginx implements Table {
    private static final int CONNECTIONS = 64;
    private static final String LOOMGATE = "Loomgate";
    private static final String UWSGI = "uWSGI";
    private static final String LOOMGATE_ASYNCIO = "Loomgate, asyncio 512 + greenlet";
    private static final String UWSGI_ASYNCIO = "uWSGI, asyncio 512 + greenlet";
    private static final String[] TWO = {"--processes", "2"};
    private static final String[] TWO_ASYNCIO = {"--processes", "2", "--asyncio", "512", "--greenlet"};

    /// @param asked wrk's options
    /// @param answer what its response has in its body
    private record Program(String prefix, String module, String path, List<String> asked, String answer, String told) {
        Program(String prefix, String module, String path, List<String> asked, String told) {
            this(prefix, module, path, asked, Hello.TEXT, told);
        }

        Program(String prefix, String module, String told) {
            this(prefix, module, "/", List.of(), told);
        }
    }

    /// What Firefox sends beside Host.
    private static final List<String> AS_A_BROWSER = Stream.of(
                    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                    "Accept-Language: en-US,en;q=0.5",
                    "Accept-Encoding: gzip, deflate, br, zstd",
                    "Cookie: session=0123456789abcdef0123456789abcdef",
                    "Upgrade-Insecure-Requests: 1",
                    "Sec-Fetch-Dest: document",
                    "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Site: none",
                    "Priority: u=0, i")
            .flatMap(field -> Stream.of("-H", field))
            .toList();

    private static final Program HELLO = new Program("hello: ", "hello", "`hello.py`, no framework");
    private static final Program FLASK = new Program("flask: ", "flask_hello", "`flask_hello.py`");
    private static final Program DJANGO = new Program("django: ", "django_hello", "`django_hello.py`");
    private static final Program BROWSER = new Program(
            "browser: ",
            "hello",
            "/",
            AS_A_BROWSER,
            "`hello.py`, with ten header fields more, as a browser sends them");
    private static final Program BROWSER_FLASK =
            new Program("flask browser: ", "flask_hello", "/", AS_A_BROWSER, "`flask_hello.py` with them");
    private static final Program LINE = new Program(
            "line: ", "talking", "/line", List.of(), "`talking.py`: a line to `wsgi.errors` for each request");

    private static Program body(Setting setting) {
        Path script = setting.root().resolve("bench/python/body.lua");
        return new Program(
                "body: ", "talking", "/", List.of("-s", script.toString()), "`talking.py`: a body of 20 kB, read");
    }

    private static Program calendar(Setting setting) throws IOException {
        return new Program(
                "calendar: ",
                "calendar_site",
                "/bench/calendar/event.ics",
                List.of(),
                Files.readString(setting.root().resolve("bench/python/event.ics")),
                "`calendar_site.py`: Debian's Radicale reads an event from a file, and logs two lines");
    }

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
        List<Program> programs =
                List.of(HELLO, FLASK, DJANGO, BROWSER, BROWSER_FLASK, LINE, body(setting), calendar(setting));
        for (Program program : programs) {
            servers.asking(program.asked());
            servers.loomgatePython(
                    program.prefix() + LOOMGATE, program.module(), program.path(), program.answer(), TWO);
            servers.uwsgiSync(program.prefix() + UWSGI, program.module(), program.path(), program.answer(), 2);
        }
        servers.asking(List.of());
        servers.loomgatePython(HELLO.prefix() + LOOMGATE_ASYNCIO, HELLO.module(), "/", Hello.TEXT, TWO_ASYNCIO);
        servers.uwsgiAsyncio(HELLO.prefix() + UWSGI_ASYNCIO, HELLO.module(), "/", Hello.TEXT, 2);
        Race.Result result;
        try (Nginx _ = servers.startNginx()) {
            result = new Race(CONNECTIONS, effort)
                    .run(servers.entrants().stream().filter(setting::takes).toList());
        }
        RaceTable table = new RaceTable(result);
        StringBuilder text = new StringBuilder("""
                `wrk -t1 -c%d` to one nginx, as in (b); all servers have two worker processes and the same interpreter, Debian's. CPU is \
                that of
                all the server's processes. Ratios are of requests/s: the medians and, in parentheses, the best.
                """.formatted(CONNECTIONS));
        for (Program program : programs) {
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
