package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.EchoClients;
import dev.loomgate.bench.harness.EchoLoad;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import java.io.IOException;
import java.util.List;

/// (p) WebSockets: what a message costs that is sent back, and what a socket holds on which nothing happens.
public final class WebSocketEcho implements Table {
    private static final int CONNECTIONS = 64;
    private static final int FIRST = 1_000;
    private static final int IDLE = 10_000;
    private static final String UVICORN = "uvicorn (uvloop), 1 process";

    @Override
    public String letter() {
        return "p";
    }

    @Override
    public String title() {
        return "WebSockets: echo, and idle sockets";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        List<Entrant> java = new HelloServers(setting)
                .echoes().stream().filter(setting::takes).toList();
        List<Entrant> python = python(setting).stream().filter(setting::takes).toList();
        RaceTable javaTable = new RaceTable(race(effort, effort.warmRequests()).run(java));
        RaceTable pythonTable =
                new RaceTable(race(effort, effort.warmRequests() / 10).run(python));
        MarkdownTable idle =
                new MarkdownTable("server", IDLE + " more sockets, kB each", "processes' memory in all, MB");
        StringBuilder failures = new StringBuilder();
        for (List<Entrant> entrants : List.of(java, python)) {
            for (Entrant entrant : entrants) {
                idle(entrant, idle, failures);
            }
        }
        return """
                %d WebSockets, each with a text of %d bytes on its way: it is sent again as soon as it is back. The clients are one thread of the
                harness (`harness/EchoClients.java`). "request" is a message here; rounds are those of (a), over connections that are new in
                each. No server compresses. Ratios are of CPU, the medians and, in parentheses, the least.

                In Java, one loop where there are loops (Loomgate's handler waits in its microthread, the others have callbacks):

                """.formatted(CONNECTIONS, EchoClients.MESSAGE)
                + javaTable.text("", new RaceTable.Reference("× Vert.x", HelloServers.VERTX))
                + "\n"
                + javaTable.othersText()
                + """

                In Python, one worker process; CPU is that of all the server's processes (`websocket_echo.py`, `asgi_echo.py`):

                """
                + pythonTable.text(
                        "",
                        new RaceTable.Reference("× uvicorn", UVICORN),
                        RaceTable.Reference.ofThroughput("messages/s × uvicorn", UVICORN))
                + "\n"
                + pythonTable.othersText()
                + """

                Sockets on which nothing comes: memory (proportional, of all the server's processes) with %,d open and with %,d more, garbage
                collected before each look; the kernel's part isn't in it.

                """.formatted(FIRST, IDLE)
                + idle
                + failures;
    }

    private static List<Entrant> python(Setting setting) {
        PythonServers servers = new PythonServers(setting);
        String module = "websocket_echo";
        return List.of(
                servers.loomgate(
                        "Loomgate, 1 process, asyncio + greenlet",
                        module,
                        "/",
                        "--max-connections",
                        "20000",
                        "--asyncio",
                        "12000",
                        "--greenlet"),
                servers.loomgate("Loomgate, 1 process, 64 threads", module, "/", "--threads", "64"),
                servers.loomgateAsgi(
                        "Loomgate, 1 process, ASGI",
                        "asgi_echo",
                        PythonServers.Asked.HELLO,
                        1,
                        "--max-connections",
                        "20000",
                        "--asgi-requests",
                        "20000"),
                servers.uvicorn(
                        UVICORN,
                        "asgi_echo",
                        PythonServers.Asked.HELLO,
                        "--workers",
                        "1",
                        "--ws-per-message-deflate",
                        "false"));
    }

    private static Race race(Effort effort, long warmMessages) {
        return new Race(
                duration -> new EchoLoad(CONNECTIONS, duration),
                effort.warmUp(),
                warmMessages,
                effort.round(),
                effort.rounds());
    }

    private static void idle(Entrant entrant, MarkdownTable table, StringBuilder failures)
            throws IOException, InterruptedException {
        if (entrant.name().endsWith(" threads")) {
            return; // a thread for each socket
        }
        Progress.say("  " + IDLE + " idle sockets: " + entrant.name());
        try (Contender contender = entrant.start().start(entrant.name())) {
            contender.awaitAnswer();
            String host = contender.address().host();
            int port = contender.address().port();
            try (EchoClients clients = EchoClients.open(FIRST, host, port)) {
                long before = kib(contender);
                clients.add(IDLE, host, port);
                long after = kib(contender);
                table.row(
                        entrant.name(),
                        "%.1f".formatted((after - before) * 1.024 / IDLE),
                        "%.0f".formatted(after * 1.024 / 1000));
            }
        } catch (ServerFailed | IOException e) {
            failures.append("\nNot measured: %s: %s\n".formatted(entrant.name(), e.getMessage()));
        }
    }

    private static long kib(Contender contender) throws IOException, InterruptedException {
        contender.server().collectGarbage();
        return contender.server().memory().kib();
    }
}
