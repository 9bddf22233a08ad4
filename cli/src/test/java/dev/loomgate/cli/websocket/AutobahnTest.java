package dev.loomgate.cli.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.WebSocketOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Autobahn's test suite, whose fuzzing client runs under Jython: `verify` has downloaded both.
///
/// In `./verify` a part of the cases, in `./verify long` all 301 (`-Dloomgate.test.autobahn=*`). None may fail. Where
/// a message is followed by a violation, closing at once is right, and so is an answer to the message before that:
/// these cases may be NON-STRICT.
@Timeout(3600)
class AutobahnTest {
    private static final Path SUITE = Path.of("target/autobahn/autobahntestsuite-maven-plugin-0.1.5.jar");
    private static final Path JYTHON = Path.of("target/autobahn/jython-standalone-2.7.4.jar");

    /// What the first round has found, to be read after a run.
    private static final Path COUNTS = Path.of("target/autobahn/counts.txt");

    private static final String PART = "1.*,2.*,3.*,4.*,5.*,6.1.*,6.2.*,6.3.*,6.4.*,7.*";

    private static final Set<String> MAY_CLOSE_FIRST =
            Set.of("3.2", "3.3", "3.4", "4.1.3", "4.1.4", "4.1.5", "4.2.3", "4.2.4", "4.2.5", "5.15");

    // A case gives an answer one second, which is too short on a busy machine: those that fail are run again.
    private static final int ROUNDS = 3;

    @TempDir
    private Path directory;

    private Path unpacked() throws IOException {
        Path place = directory.resolve("suite");
        try (ZipFile suite = new ZipFile(SUITE.toFile())) {
            for (ZipEntry entry : Collections.list(suite.entries())) {
                Path file = place.resolve(entry.getName()).normalize();
                if (!file.startsWith(place) || entry.isDirectory()) {
                    continue;
                }
                Files.createDirectories(file.getParent());
                try (InputStream content = suite.getInputStream(entry)) {
                    Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return place;
    }

    private void run(Map<String, String> addresses, List<String> cases, Path reports) throws Exception {
        List<Map<String, Object>> servers = new ArrayList<>();
        addresses.forEach((name, address) ->
                servers.add(Map.of("agent", name, "url", address, "options", Map.of("version", 18))));
        Path specification = directory.resolve("specification.json");
        JsonMapper.shared()
                .writeValue(
                        specification.toFile(),
                        Map.of(
                                "options",
                                Map.of("failByDrop", false),
                                "outdir",
                                reports.toString(),
                                "enable-ssl",
                                false,
                                "servers",
                                servers,
                                "cases",
                                cases,
                                "exclude-cases",
                                List.of(),
                                "exclude-agent-cases",
                                Map.of()));
        Path place = directory.resolve("suite");
        Path log = directory.resolve("autobahn.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dpython.cachedir=" + directory.resolve("cache"),
                        "-jar",
                        JYTHON.toAbsolutePath().toString(),
                        "autobahn.py",
                        specification.toString())
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as(log.toString()).isZero();
    }

    @Test
    void noCaseFails() throws Exception {
        assertThat(SUITE).as("what ./verify downloads").exists();
        EchoServers.copy("autobahn.py", unpacked());
        List<String> cases =
                List.of(System.getProperty("loomgate.test.autobahn", PART).split(","));
        Map<String, String> bad = Map.of();
        try (EchoServers servers = new EchoServers(
                directory, WebSocketOptions.builder().maxBytes(64 << 20).build())) {
            for (int round = 0; round < ROUNDS; round++) {
                Path reports = directory.resolve("reports-" + round);
                run(servers.addresses(), cases, reports);
                Map<String, String> found = new TreeMap<>();
                int count = look(reports, found);
                if (round == 0) {
                    Files.writeString(COUNTS, counts(reports));
                    assertThat(count).isGreaterThan(20 * servers.addresses().size());
                }
                bad = found;
                cases = found.keySet().stream()
                        .map(agentAndCase -> agentAndCase.substring(agentAndCase.lastIndexOf(' ') + 1))
                        .distinct()
                        .toList();
                if (bad.isEmpty()) {
                    break;
                }
            }
        }
        assertThat(bad).isEmpty();
    }

    // A line for each agent: how many cases behaved how.
    private static String counts(Path reports) {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, JsonNode> agent : JsonMapper.shared()
                .readTree(reports.resolve("index.json").toFile())
                .properties()) {
            Map<String, Integer> counts = new TreeMap<>();
            for (Map.Entry<String, JsonNode> found : agent.getValue().properties()) {
                counts.merge(found.getValue().get("behavior").asString(), 1, Integer::sum);
            }
            lines.append(agent.getKey()).append(": ").append(counts).append('\n');
        }
        return lines.toString();
    }

    // How many cases a report has; those that aren't right are put into `bad`.
    private static int look(Path reports, Map<String, String> bad) {
        int count = 0;
        for (Map.Entry<String, JsonNode> agent : JsonMapper.shared()
                .readTree(reports.resolve("index.json").toFile())
                .properties()) {
            for (Map.Entry<String, JsonNode> found : agent.getValue().properties()) {
                count++;
                String behavior = found.getValue().get("behavior").asString();
                String close = found.getValue().get("behaviorClose").asString();
                boolean right = behavior.equals("OK")
                        || behavior.equals("INFORMATIONAL")
                        || (behavior.equals("NON-STRICT") && MAY_CLOSE_FIRST.contains(found.getKey()));
                if (!right || !(close.equals("OK") || close.equals("INFORMATIONAL"))) {
                    bad.put(agent.getKey() + " " + found.getKey(), behavior + ", close " + close);
                }
            }
        }
        return count;
    }
}
