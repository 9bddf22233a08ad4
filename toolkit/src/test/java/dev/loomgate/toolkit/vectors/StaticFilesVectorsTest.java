package dev.loomgate.toolkit.vectors;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.files.StaticFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class StaticFilesVectorsTest {
    private static final List<String> SEEN = List.of("Content-Type", "Content-Length", "Last-Modified");

    // As in the oracle's family_files.py.
    private static final FileTime TIME = FileTime.from(Instant.parse("2026-11-20T12:00:00Z"));
    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("public/a.txt", "0123456789"),
            Map.entry("public/app.js", "let a = 1;"),
            Map.entry("public/style.css", "p {}"),
            Map.entry("public/page.html", "<p>page"),
            Map.entry("public/data.json", "{}"),
            Map.entry("public/picture.svg", "<svg/>"),
            Map.entry("public/noext", "?"),
            Map.entry("public/sp ace.txt", "space"),
            Map.entry("public/ä.txt", "umlaut"),
            Map.entry("public/sub/b.txt", "b"),
            Map.entry("public/sub/index.html", "index"),
            Map.entry("public/.hidden", "hidden"),
            Map.entry("public-secret/a.txt", "secret"),
            Map.entry("secret.txt", "secret"));

    private static final StaticFiles SERVED = served();

    private static StaticFiles served() {
        Path directory = Path.of("target", "static_files");
        try {
            for (Map.Entry<String, String> entry : FILES.entrySet()) {
                Path file = directory.resolve(entry.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, entry.getValue());
                Files.setLastModifiedTime(file, TIME);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return StaticFiles.of("/static", directory.resolve("public"));
    }

    @Test
    void filesAreSentAsWerkzeugSendsThem() {
        Vectors.replay("static_files", 170, StaticFilesVectorsTest::answer);
    }

    static JsonNode answer(JsonNode question) {
        ObjectNode answer = Vectors.JSON.createObjectNode();
        Application application = SERVED.wrap((environ, _) -> {
            byte[] path = environ.path().getBytes(StandardCharsets.UTF_8);
            answer.put("application", new String(path, StandardCharsets.ISO_8859_1));
            return Body.empty();
        });
        Environ environ = Environs.of(question.get("environ"));
        try (Body body = application.call(environ, (status, headers, _) -> {
            answer.put("code", status.code());
            headers.forEach((name, value) -> {
                if (SEEN.contains(name)) {
                    answer.put(name, value);
                }
            });
        })) {
            if (answer.has("code")) {
                answer.put("body", text(body));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return answer;
    }

    private static String text(Body body) throws IOException {
        return switch (body) {
            case Body.FileBody file -> Files.readString(file.path());
            case Body.Bytes bytes -> new String(bytes.content(), StandardCharsets.UTF_8);
            default -> throw new AssertionError(body);
        };
    }
}
