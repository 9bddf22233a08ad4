package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.EchoLoad;
import dev.loomgate.bench.harness.LoadGenerator;
import dev.loomgate.bench.harness.Wrk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// (r) ASGI programs over keep-alive HTTP, at the same number of worker processes.
public final class AsgiOverHttp implements Table {
    private static final int CONNECTIONS = 64;
    private static final int WAITING = 512;
    private static final int PAGE = 10_000;
    private static final String SITE = "asgi_site";
    private static final String LOOMGATE = "Loomgate";
    private static final String UVICORN = "uvicorn (uvloop, httptools)";

    private record Work(
            String told,
            String module,
            PythonServers.Asked asked,
            int processes,
            Function<Duration, LoadGenerator> load) {}

    private static List<Work> works(Setting setting) {
        Path body = setting.root().resolve("bench/python/body.lua");
        Function<Duration, LoadGenerator> load = duration -> new Wrk(CONNECTIONS, duration);
        Function<Duration, LoadGenerator> manyWait = duration -> new Wrk(WAITING, duration);
        PythonServers.Asked hello = PythonServers.Asked.HELLO;
        PythonServers.Asked page = new PythonServers.Asked(
                "/page",
                List.of(),
                hello.answer() + "x".repeat(PAGE - hello.answer().length()));
        PythonServers.Asked echo = new PythonServers.Asked("/echo", List.of("-s", body.toString()), hello.answer());
        PythonServers.Asked wait = new PythonServers.Asked("/wait", List.of(), hello.answer());
        return List.of(
                new Work("Hello, a process", "asgi_hello", hello, 1, load),
                new Work("Hello, two processes", "asgi_hello", hello, 2, load),
                new Work("A page of 10 kB, a process", SITE, page, 1, load),
                new Work("A page of 10 kB, two processes", SITE, page, 2, load),
                new Work("A body of 20 kB, sent back, two processes", SITE, echo, 2, load),
                new Work("A wait of 10 ms, from " + WAITING + " connections, a process", SITE, wait, 1, manyWait),
                new Work("A wait of 10 ms, from " + WAITING + " connections, two processes", SITE, wait, 2, manyWait),
                new Work(
                        "WebSockets, a process: what one says is sent to all " + CONNECTIONS + " (\"request\" is a "
                                + "message that has come)",
                        SITE,
                        hello,
                        1,
                        duration -> new EchoLoad(CONNECTIONS, duration, true)));
    }

    @Override
    public String letter() {
        return "r";
    }

    @Override
    public String title() {
        return "ASGI over keep-alive HTTP";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        StringBuilder text = new StringBuilder("""
                `wrk -t1 -c%d`, the same interpreter and uvloop (`bench/python/asgi_hello.py`, `asgi_site.py`). CPU is that of
                all the server's processes; Loomgate has a JVM beside its workers. With `--direct off` it has the
                connections, else the workers have them. Ratios are the medians and, in parentheses, the best. With two processes wrk and
                the server share all of a small machine's cores, so requests/s are wrk's figure as well.
                """.formatted(CONNECTIONS));
        for (Work work : works(setting)) {
            RaceTable table = new RaceTable(new Race(work.load(), effort)
                    .run(entrants(setting, work).stream().filter(setting::takes).toList()));
            text.append("\n").append(work.told()).append(":\n\n");
            text.append(table.text(
                    "",
                    RaceTable.Reference.ofThroughput("requests/s × uvicorn", UVICORN),
                    new RaceTable.Reference("CPU × uvicorn", UVICORN)));
            text.append("\n").append(table.othersText());
        }
        return text.toString();
    }

    private static List<Entrant> entrants(Setting setting, Work work) {
        PythonServers servers = new PythonServers(setting);
        return List.of(
                servers.loomgateAsgi(LOOMGATE, work.module(), work.asked(), work.processes()),
                servers.loomgateAsgi(
                        LOOMGATE + ", --direct off", work.module(), work.asked(), work.processes(), "--direct", "off"),
                servers.uvicorn(
                        UVICORN,
                        work.module(),
                        work.asked(),
                        "--workers",
                        Integer.toString(work.processes()),
                        "--ws-per-message-deflate",
                        "false"));
    }
}
