package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sites of a process that they share come and go, and leave nothing behind there (decision 053).
class SharedVassalSoakTest {
    private static final int ROUNDS = Integer.getInteger("loomgate.test.reloads", 10);
    private static final int ROUNDS_BEFORE = 5;

    /// What a site's objects take is more: a round that leaves them behind is seen.
    private static final long MOST_KILOBYTES_EACH = 40;

    private static final long NOISE_KILOBYTES = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern SERVES = Pattern.compile("emperor: site.ini serves, process (\\d+)");
    private static final String PYTHON_SITE =
            "http-socket = site.sock\nwsgi-file = ../program.py\npython = %s\nstatic-map = /page=../program.py\nmule =\n"
                    + "cron = 0 0 1 1 -1 true\n";
    private static final String STATIC_SITE = "http-socket = site.sock\nstatic-map = /page=../program.py\n";

    @TempDir
    private Path directory;

    private int served;

    @Test
    @Timeout(3600)
    void aSiteThatIsTouchedAgainAndAgainLeavesNothingBehind() throws Exception {
        Files.writeString(directory.resolve("program.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    return [b"program"]
                """);
        Path sites = Files.createDirectory(directory.resolve("sites"));
        write(sites, "other.ini", "http-socket = other.sock\nstatic-map = /=..\n");
        write(sites, "site.ini", PYTHON_SITE.formatted(Python.DEBIAN));
        try (LoomgateProcess emperor =
                LoomgateProcess.launch(directory, "--emperor", "sites", "--emperor-freq", "100ms")) {
            long pid = awaitServes(emperor);
            for (int round = 0; round < ROUNDS_BEFORE; round++) {
                touch(emperor, sites, round, pid);
            }
            touch(emperor, sites, 0, pid);
            Footprint before = Footprint.atRest(pid, sites);
            Map<String, Integer> threads = threads(pid);
            for (int round = 0; round < ROUNDS; round++) {
                touch(emperor, sites, round, pid);
            }
            touch(emperor, sites, 0, pid);
            Footprint after = Footprint.atRest(pid, sites);
            after.assertNoMoreThan(before);
            Eventually.await(LIMIT, () -> threads + " and no more threads", () -> threads(pid)
                    .equals(threads));
            assertThat(after.heapKilobytes() - before.heapKilobytes())
                    .as("heap before %s, after %s", before, after)
                    .isLessThan(NOISE_KILOBYTES + ROUNDS * MOST_KILOBYTES_EACH);
            assertThat(answer(sites, "other", "/program.py")).contains("def application");
        }
    }

    /// Sites with a program and those without take turns.
    private void touch(LoomgateProcess emperor, Path sites, int round, long pid) throws Exception {
        write(sites, "site.ini", round % 4 == 3 ? STATIC_SITE : PYTHON_SITE.formatted(Python.DEBIAN));
        assertThat(awaitServes(emperor)).isEqualTo(pid);
        assertThat(answer(sites, "site", round % 4 == 3 ? "/page" : "/")).isNotEmpty();
    }

    private long awaitServes(LoomgateProcess emperor) throws Exception {
        served++;
        Eventually.await(
                LIMIT,
                () -> served + " times that it serves",
                () -> serving(emperor).size() >= served);
        return serving(emperor).getLast();
    }

    /// The process each time that the site began to serve.
    private static List<Long> serving(LoomgateProcess emperor) throws IOException {
        return SERVES.matcher(emperor.err())
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
    }

    private static String answer(Path sites, String site, String path) throws IOException {
        try (HttpPeer peer = HttpPeer.to(UnixDomainSocketAddress.of(sites.resolve(site + ".sock")))) {
            return peer.get(path).answer().text();
        }
    }

    private void write(Path sites, String name, String options) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), "[uwsgi]\n" + options);
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now()));
        Files.move(fresh, sites.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /// How many there are of each name, without numbers; the JDK's own come and go.
    private static Map<String, Integer> threads(long pid) throws IOException {
        Map<String, Integer> threads = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm")).strip().replaceAll("[0-9]+", "*");
                if (name.startsWith("loomgate")) {
                    threads.merge(name, 1, Integer::sum);
                }
            }
        }
        return threads;
    }
}
