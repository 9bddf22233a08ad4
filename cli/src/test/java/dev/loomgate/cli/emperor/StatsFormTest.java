package dev.loomgate.cli.emperor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An emperor's statistics have the names that uWSGI's have, in the same order.
public class StatsFormTest {
    /// Of our statistics with a vassal that serves and one that fails, which `EmperorTest` compares.
    public static final List<String> NAMES = List.of(
            "version",
            "pid",
            "uid",
            "gid",
            "cwd",
            "emperor",
            "emperor_tyrant",
            "throttle_level",
            "vassals",
            "id",
            "born",
            "last_mod",
            "last_heartbeat",
            "loyal",
            "ready",
            "accepting",
            "last_loyal",
            "last_ready",
            "last_accepting",
            "first_run",
            "last_run",
            "cursed",
            "zerg",
            "on_demand",
            "monitor",
            "respawns",
            "blacklist",
            "attempt",
            "first_attempt",
            "last_attempt");

    private static final Pattern NAME = Pattern.compile("\"(\\w+)\":");

    @TempDir
    private Path directory;

    /// All names in a JSON text, each at its first place.
    public static List<String> names(String json) {
        return NAME.matcher(json)
                .results()
                .map((MatchResult each) -> each.group(1))
                .distinct()
                .toList();
    }

    @Test
    void theNamesAreUwsgis() throws Exception {
        Path vassals = Files.createDirectory(directory.resolve("vassals"));
        Files.writeString(vassals.resolve("a.ini"), "[uwsgi]\nsocket = a.sock\n");
        Files.writeString(vassals.resolve("broken.ini"), "[uwsgi]\nsocket = /nowhere/at/all\n");
        Path socket = directory.resolve("stats");
        AtomicReference<String> last = new AtomicReference<>("");
        try (RealEmperor real = RealEmperor.start(
                directory,
                Map.of(),
                "--emperor",
                "vassals",
                "--emperor-freq",
                "1",
                "--emperor-stats",
                socket.toString())) {
            Eventually.await(last::get, () -> {
                try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
                    last.set(client.receiveText());
                } catch (IOException e) {
                    return false;
                }
                return last.get().contains("\"attempt\"") && last.get().contains("a.ini");
            });
            assertThat(real.isAlive()).isTrue();
        }

        assertThat(names(last.get())).isEqualTo(NAMES);
    }
}
