package dev.loomgate.bench.arena;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/// The checks of `baseline`, `limited-conn` and `pipelined`.
final class BaselineChecks {
    private static final String URL = "/baseline11?a=13&b=42";
    private static final String GET = "GET " + URL + " HTTP/1.1\r\n";
    private static final String POST = "POST " + URL
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
    private static final int PIPELINED = 16;

    // As long as the validator waits between two writes.
    private static final int PAUSE_MILLIS = 30;
    private static final int LIMIT_MILLIS = 5_000;

    private final Places places;
    private final Faults faults;

    BaselineChecks(Places places, Faults faults) {
        this.places = places;
        this.faults = faults;
    }

    void run() throws IOException, InterruptedException {
        ask(URL, 55);
        ask(URL, 75, "-H", "Content-Type: text/plain", "-d", "20");
        ask(URL, 75, "-H", "Content-Type: text/plain", "-H", "Transfer-Encoding: chunked", "-d", "20");
        int a = random();
        int b = random();
        ask("/baseline11?a=" + a + "&b=" + b, a + b);
        ask(URL, 55 + a, "-H", "Content-Type: text/plain", "-d", Integer.toString(a));
        ask(URL, 56 + a, "-H", "Content-Type: text/plain", "-d", Integer.toString(a + 1));
        inPieces("a split request line", "55", "GET /baseli", "ne11?a=13&b=42 HTTP/1.1\r\n", end());
        inPieces(
                "a head line by line",
                "55",
                GET,
                "Host: localhost\r\n",
                "User-Agent: check\r\n",
                "Connection: close\r\n\r\n");
        inPieces("a body after its head", "75", POST, "20");
        inPieces("a body byte by byte", "75", POST, "2", "0");
    }

    void pipelined() throws IOException, InterruptedException {
        Curl.Reply reply = Curl.ask(places.http().url("/pipeline"));
        faults.expect("GET /pipeline", "ok", reply.text());
        faults.expectType("GET /pipeline", "text/plain", reply.field("Content-Type"));
        String one = "GET /pipeline HTTP/1.1\r\nHost: localhost\r\n";
        String sent = (one + "\r\n").repeat(PIPELINED - 1) + one + "Connection: close\r\n\r\n";
        String answers = exchange(said -> count(said) == PIPELINED && said.endsWith("ok"), sent);
        faults.expect("answers to requests in one write", PIPELINED, count(answers));
    }

    private static int count(String said) {
        return said.split("HTTP/1.1 200 ", -1).length - 1;
    }

    private static int random() {
        return ThreadLocalRandom.current().nextInt(100, 1000);
    }

    private static String end() {
        return "Host: localhost\r\nConnection: close\r\n\r\n";
    }

    private void ask(String path, int sum, String... options) throws IOException, InterruptedException {
        Curl.Reply reply = Curl.ask(places.http().url(path), options);
        String what = (options.length == 0 ? "GET " : "POST ") + path;
        faults.expect(what, Integer.toString(sum), reply.text());
        faults.expectType(what, "text/plain", reply.field("Content-Type"));
    }

    private void inPieces(String what, String expected, String... pieces) throws IOException, InterruptedException {
        faults.expect(what, expected, body(exchange(answer -> body(answer).equals(expected), pieces)));
    }

    /// What the server says until that is all, or nothing more comes: some keep the connection open for a while
    /// although it is to be closed, which the validator lets pass.
    private String exchange(Predicate<String> all, String... pieces) throws IOException, InterruptedException {
        StringBuilder said = new StringBuilder();
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(places.http().host(), places.http().port()), LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (String piece : List.of(pieces)) {
                out.write(piece.getBytes(StandardCharsets.ISO_8859_1));
                Thread.sleep(PAUSE_MILLIS);
            }
            byte[] buffer = new byte[8192];
            int count;
            while (!all.test(said.toString())
                    && (count = socket.getInputStream().read(buffer)) >= 0) {
                said.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            said.append("(no end)");
        }
        return said.toString();
    }

    /// The body of one answer, which may be in one chunk.
    private static String body(String answer) {
        int head = answer.indexOf("\r\n\r\n");
        if (head < 0) {
            return answer;
        }
        String body = answer.substring(head + 4);
        if (!answer.substring(0, head).toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            return body;
        }
        List<String> lines = body.lines().toList();
        return lines.size() < 2 ? body : lines.get(1);
    }
}
