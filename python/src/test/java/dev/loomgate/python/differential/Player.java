package dev.loomgate.python.differential;

import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// Asks a server what a script says, and notes what counts of its answers.
final class Player implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(12);
    private static final Duration CONTINUE_LIMIT = Duration.ofSeconds(1);

    private final Script script;
    private final String application;
    private final RunningServer server;
    private final Map<String, String> cookies = new TreeMap<>();
    private RawClient kept;

    private Player(Script script, String application, RunningServer server) {
        this.script = script;
        this.application = application;
        this.server = server;
    }

    /// Plays all of it.
    ///
    /// @param application what `X-Application` says
    /// @return what counts of each answer, by the request's name
    static Map<String, String> play(Script script, String application, RunningServer server) throws IOException {
        Map<String, String> outcomes = new LinkedHashMap<>();
        try (Player player = new Player(script, application, server)) {
            for (ScriptedRequest request : script.requests()) {
                outcomes.put(request.name(), player.outcome(request));
            }
        }
        return outcomes;
    }

    private String outcome(ScriptedRequest request) throws IOException {
        long deadline = System.nanoTime() + ScriptedRequest.PATIENCE.toNanos();
        Answer answer = ask(request);
        for (String text : request.values("until")) {
            while (!answer.contains(text) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(20_000_000);
                answer = ask(request);
            }
        }
        List<String> lines = new ArrayList<>(answer.compared(request));
        for (String text : request.values("log")) {
            boolean logged = server.log().contains(text);
            while (!logged && System.nanoTime() < deadline) {
                LockSupport.parkNanos(20_000_000);
                logged = server.log().contains(text);
            }
            lines.add((logged ? "(logged: " : "(not logged: ") + text + ")");
        }
        if (script.carriesCookies()) {
            lines.replaceAll(Player::withoutCookieValue);
        }
        return String.join("\n", lines);
    }

    private Answer ask(ScriptedRequest request) throws IOException {
        RawClient client;
        try {
            client = connection(request);
        } catch (ConnectException e) {
            return Answer.none("connection refused");
        }
        if (client == null) {
            return Answer.none("no connection left");
        }
        try {
            Answer answer = exchange(client, request);
            answer.fields().forEach(this::keepCookie);
            if (request.has("keep") && answer.persistent()) {
                kept = client;
                return answer;
            }
            client.close();
            return answer;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private RawClient connection(ScriptedRequest request) throws IOException {
        if (!request.has("same")) {
            close();
            return RawClient.connect(server.address(), LIMIT);
        }
        RawClient last = kept;
        kept = null;
        return last;
    }

    private Answer exchange(RawClient client, ScriptedRequest request) throws IOException {
        RequestBytes bytes = RequestBytes.of(request, application, cookies);
        try {
            client.send(bytes.head());
            if (request.hasField("Expect")) {
                // A client waits a while, and then sends the body whether or not there was an answer.
                client.arrives(CONTINUE_LIMIT);
            }
            client.send(bytes.body());
            if (request.has("end")) {
                client.endOutput();
            }
        } catch (IOException e) {
            // It doesn't want more than it has read; what it says is still to be read.
        }
        return new AnswerReader(client).read(request.isHead(), !request.has("keep"));
    }

    private void keepCookie(String field) {
        if (!field.toLowerCase(Locale.ROOT).startsWith("set-cookie:") || !script.carriesCookies()) {
            return;
        }
        String[] pair =
                field.substring("set-cookie:".length()).strip().split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty() || pair[1].equals("\"\"")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    // Signed with the time, or by chance.
    private static String withoutCookieValue(String line) {
        return line.replaceAll("(?i)^(set-cookie: [^=]+=)[^;]{25,}", "$1...")
                .replaceAll("(?i)(expires=)[^;]+", "$1...");
    }

    @Override
    public void close() throws IOException {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }
}
