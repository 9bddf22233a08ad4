package dev.loomgate.python.differential;

import dev.loomgate.testkit.peers.PythonProgram;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The servers of a test class: those that many applications share are started once a mode.
final class Stage implements AutoCloseable {
    /// Where the applications of the test resources are.
    static final Path APPLICATIONS = applications();

    private static final String DISPATCH = "dispatch";

    private final Path directory;
    private final Map<String, RunningServer> shared = new ConcurrentHashMap<>();

    /// @param directory for the servers' files
    Stage(Path directory) {
        this.directory = directory;
    }

    private static Path applications() {
        try {
            return Path.of(Stage.class.getResource("/applications/dispatch.py").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What each contender that has the mode answers: by the request's name, and the contender's.
    Map<String, Map<String, String>> play(Script script, Mode mode) throws Exception {
        return play(script, mode, contender -> play(script, mode, contender));
    }

    /// What each contender that has the mode answers to that, all of them at the same time.
    static Map<String, Map<String, String>> play(Script script, Mode mode, Playing playing) throws Exception {
        Map<String, Map<String, String>> outcomes = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<Map<String, String>>> running = new TreeMap<>();
            for (Contender contender : Contender.all()) {
                if (script.isFor(contender, mode)) {
                    running.put(contender.name(), threads.submit(() -> playing.play(contender)));
                }
            }
            for (Map.Entry<String, Future<Map<String, String>>> entry : running.entrySet()) {
                entry.getValue().get().forEach((request, outcome) -> outcomes.computeIfAbsent(
                                request, key -> new TreeMap<>())
                        .put(entry.getKey(), outcome));
            }
        }
        return outcomes;
    }

    /// Plays a script on one contender.
    @FunctionalInterface
    interface Playing {
        /// By the request's name.
        Map<String, String> play(Contender contender) throws Exception;
    }

    /// What that contender answers.
    Map<String, String> play(Script script, Mode mode, Contender contender) throws Exception {
        if (!script.alone()) {
            return Player.play(script, script.application(), shared(contender, mode, script.behindNginx()));
        }
        PythonProgram program = PythonProgram.of(APPLICATIONS, script.application());
        Deployment deployment = new Deployment(program, mode, 1, script.mount(), script.behindNginx());
        try (RunningServer server = start(contender, deployment)) {
            return Player.play(script, script.application(), server);
        }
    }

    /// The server of that contender and mode that has all applications.
    private RunningServer shared(Contender contender, Mode mode, boolean behindNginx) throws Exception {
        String key = contender.name() + " " + mode + (behindNginx ? " behind nginx" : "");
        RunningServer server = shared.get(key);
        if (server == null) {
            PythonProgram program = PythonProgram.of(APPLICATIONS, DISPATCH);
            server = start(contender, new Deployment(program, mode, 1, "", behindNginx));
            shared.put(key, server);
        }
        return server;
    }

    /// Starts a server, which the caller closes.
    RunningServer start(Contender contender, Deployment deployment) throws Exception {
        Path own = Files.createTempDirectory(directory, contender.name());
        RunningServer server = contender.start(own, deployment);
        return deployment.behindNginx() ? BehindNginx.put(own, server) : server;
    }

    /// Differences that are not as they are known to be, each with all answers.
    static List<String> surprises(
            Script script, Mode mode, Map<String, Map<String, String>> outcomes, Differences known) {
        List<String> surprises = new ArrayList<>();
        outcomes.forEach((request, byServer) -> {
            String observed = Differences.observed(byServer);
            String expected = known.expected(script.application(), request, mode, byServer.keySet());
            List<String> missing = script.missing(
                    request,
                    byServer,
                    known.find(script.application(), request, mode).isEmpty());
            if (!observed.equals(expected) || !missing.isEmpty()) {
                StringBuilder text = new StringBuilder("%n%s: %s [%s]: %s (expected: %s) %s%n"
                        .formatted(script.application(), request, mode.lowerCase(), observed, expected, missing));
                byServer.forEach((server, outcome) ->
                        text.append("  ").append(server).append(":\n").append(outcome.indent(6)));
                surprises.add(text.toString());
            }
        });
        return surprises;
    }

    /// The known differences.
    static Differences known() throws IOException {
        return Differences.read(APPLICATIONS.resolve("differences.txt"));
    }

    @Override
    public void close() {
        shared.values().forEach(RunningServer::close);
    }
}
