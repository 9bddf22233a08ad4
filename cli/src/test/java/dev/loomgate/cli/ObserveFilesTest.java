package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The dashboard, the alert rules and the manual have the metrics that there are.
@Timeout(120)
class ObserveFilesTest {
    private static final Path FILES = Path.of("..", "docs", "observe");
    private static final Pattern NAME = Pattern.compile("\\b(?:http_server|loomgate|jvm|process)_[a-z_]+");
    private static final Pattern PART = Pattern.compile("_(?:bucket|count|sum)$");

    @TempDir
    private Path directory;

    private static Set<String> names(String text) {
        return NAME.matcher(text)
                .results()
                .map(found -> PART.matcher(found.group()).replaceFirst(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> families() throws Exception {
        Files.writeString(
                directory.resolve("program.py"),
                "def application(environ, start_response):\n    start_response('200 OK', [])\n    return []\n");
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory, "--python", Python.DEBIAN, "-s", "s", "-w", "program", "--metrics", "m")) {
            assertThat(loomgate.isAlive()).isTrue();
            return MetricsPages.families(
                    new MetricsPages(UnixDomainSocketAddress.of(directory.resolve("m"))).metrics());
        }
    }

    @Test
    void theyNameMetricsThatThereAre() throws Exception {
        Set<String> families = families();
        StringBuilder expressions = new StringBuilder();
        for (JsonNode panel : JsonMapper.builder()
                .build()
                .readTree(Files.readString(FILES.resolve("grafana.json")))
                .get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.append(target.get("expr").asString()).append('\n');
            }
        }
        assertThat(names(expressions.toString())).hasSizeGreaterThan(20).isSubsetOf(families);
        assertThat(names(Files.readString(FILES.resolve("alerts.yml"))))
                .hasSizeGreaterThan(10)
                .isSubsetOf(families);
        String manual = Files.readString(Path.of("..", "docs", "observe.md"));
        assertThat(names(manual.substring(manual.indexOf("### All of them"), manual.indexOf("**Routes** are"))))
                .isEqualTo(families);
    }

    @Test
    void promtoolAcceptsTheRules() throws IOException, InterruptedException {
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "check",
                        "rules",
                        FILES.resolve("alerts.yml").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(promtool.exitValue()).as(said).isZero();
        assertThat(said).contains("SUCCESS: 13 rules found");
    }
}
