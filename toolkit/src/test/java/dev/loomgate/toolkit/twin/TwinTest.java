package dev.loomgate.toolkit.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Flask, run by Debian's Python, and our twin of its application: status, headers and bodies of the same requests
/// are the same, except for what `twin.jsonl` lists, each with its reason.
@Timeout(120)
class TwinTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> OF_THE_SERVER = List.of("date", "server", "connection");
    private static final List<String> SETS = List.of("allow", "vary");

    @Test
    void bothAnswerTheSame() throws Exception {
        Process flask = new ProcessBuilder(Python.DEBIAN, "-W", "ignore", "src/test/python/twin.py")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = flask.inputReader(StandardCharsets.UTF_8)) {
            String port = Objects.requireNonNull(output.readLine(), "Flask has not started");
            String authority = "127.0.0.1:" + port;
            List<String> differences = compare(authority, TwinRequests.all());

            Files.createDirectories(Path.of("target/differences"));
            Files.write(Path.of("target/differences/twin.jsonl"), differences);
            assertThat(differences).containsExactlyInAnyOrderElementsOf(listed());
        } finally {
            flask.destroy();
            assertThat(flask.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<String> compare(String authority, Map<String, Function<Client, Call>> requests) {
        assertThat(requests).hasSizeGreaterThanOrEqualTo(200);
        Application ours = (environ, startResponse) -> {
            environ.put("HTTP_HOST", authority);
            return TwinApplication.APPLICATION.call(environ, startResponse);
        };
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, Function<Client, Call>> request : requests.entrySet()) {
            // Each with a client of its own, without cookies from before.
            try (Client flask = Client.overHttp(URI.create("http://" + authority))) {
                Map<String, String> theirs =
                        parts(request.getValue().apply(flask).send(), authority);
                Map<String, String> own =
                        parts(request.getValue().apply(Client.of(ours)).send(), authority);
                if (!theirs.equals(own)) {
                    differences.add(line(request.getKey(), without(theirs, own), without(own, theirs)));
                }
            }
        }
        return differences;
    }

    private static Map<String, String> without(Map<String, String> parts, Map<String, String> same) {
        Map<String, String> different = new TreeMap<>(parts);
        different.entrySet().removeIf(part -> part.getValue().equals(same.get(part.getKey())));
        return different;
    }

    private static String line(String request, Map<String, String> flask, Map<String, String> ours) {
        return JSON.writeValueAsString(Map.of("request", request)).replaceFirst("}$", "")
                + ",\"flask\":" + JSON.writeValueAsString(flask)
                + ",\"ours\":" + JSON.writeValueAsString(ours) + "}";
    }

    private static Map<String, String> parts(TestResponse response, String authority) {
        Map<String, List<String>> headers = new TreeMap<>();
        response.headers()
                .forEach((name, value) -> headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                        .add(SETS.contains(name.toLowerCase(Locale.ROOT)) ? sorted(value) : value));
        Map<String, String> parts = new TreeMap<>();
        parts.put("status", Integer.toString(response.code()));
        parts.put("body", response.text().replace(authority, "HOST"));
        headers.forEach((name, values) -> {
            if (!OF_THE_SERVER.contains(name)) {
                String value = String.join(" | ", values).replace(authority, "HOST");
                parts.put(name, value.replaceFirst("Expires=[^;]+GMT", "Expires=DATE"));
            }
        });
        return parts;
    }

    private static String sorted(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::trim).sorted().collect(Collectors.joining(", "));
    }

    private static List<String> listed() throws IOException {
        try (InputStream input = TwinTest.class.getResourceAsStream("/vectors/twin.jsonl")) {
            List<String> lines = new ArrayList<>();
            for (JsonNode line : new String(Objects.requireNonNull(input).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(JSON::readTree)
                    .toList()) {
                assertThat(line.get("reason").asString()).isNotBlank();
                lines.add("{\"request\":" + line.get("request") + ",\"flask\":" + line.get("flask") + ",\"ours\":"
                        + line.get("ours") + "}");
            }
            return lines;
        }
    }
}
