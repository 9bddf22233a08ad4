package dev.loomgate.python.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.loomgate.python.wire.PacketHead;
import dev.loomgate.testkit.LogLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreboardTest {
    @TempDir
    private Path directory;

    private final ByteBuffer page =
            ByteBuffer.allocate(3 * Scoreboard.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = directory.resolve("w1-1.scoreboard");
        write();
    }

    private void write(long... words) throws IOException {
        for (int i = 0; i < words.length; i++) {
            page.putLong(i * Long.BYTES, words[i]);
        }
        Files.write(file, page.array());
    }

    @Test
    void whatIsWrittenLaterIsSeen() throws IOException {
        Scoreboard scoreboard = Scoreboard.of(directory.resolve("w1-1.sock"));
        assertThat(scoreboard.read()).isEqualTo(new Scoreboard.Reading(0, 0, 0));
        assertThat(scoreboard.lastRequest()).isZero();
        write(7, 5, 3, 12345, 600, 7000);
        assertThat(scoreboard.answered()).isEqualTo(new Scoreboard.Answered(600, 7000));
        assertThat(scoreboard.lastRequest()).isEqualTo(7);
        assertThat(scoreboard.read()).isEqualTo(new Scoreboard.Reading(5, 3, 12345));
        assertThat(scoreboard.read().inFlight()).isEqualTo(2);
        scoreboard.close();
    }

    private static byte[] packet(String path) {
        byte[] packet = "\0$\0\0\16\0REQUEST_METHOD\3\0GET\11\0PATH_INFO\2\0".getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(packet.length + 2)
                .put(packet)
                .put(path.getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    private void slot(int number, long since, int socket, byte[] packet) throws IOException {
        page.position(number * Scoreboard.SLOT_BYTES)
                .putLong(since)
                .putInt(socket)
                .put(packet);
        write();
    }

    @Test
    void whatIsInsideIsNamedTheOldestFirst() throws IOException {
        slot(1, 20, 0, packet("/b"));
        slot(2, 10, 3, packet("/a"));
        Scoreboard scoreboard = Scoreboard.open(file);
        assertThat(scoreboard.inside())
                .extracting(Scoreboard.Inside::sinceNanos, Scoreboard.Inside::socket, Scoreboard.Inside::head)
                .containsExactly(
                        tuple(10L, 3, new PacketHead("GET", "/a")), tuple(20L, 0, new PacketHead("GET", "/b")));
        scoreboard.close();
        assertThat(scoreboard.inside()).isEmpty();
    }

    @Test
    void aSlotThatIsFreeIsNoRequest() throws IOException {
        slot(1, 0, 0, packet("/a"));
        Scoreboard scoreboard = Scoreboard.open(file);
        assertThat(scoreboard.inside()).isEmpty();
        scoreboard.close();
    }

    @Test
    void afterItsEndItSaysWhatWasThereLast() throws IOException {
        Scoreboard scoreboard = Scoreboard.open(file);
        write(7, 5, 3, 12345, 600, 7000);
        scoreboard.close();
        assertThat(file).doesNotExist();
        assertThat(scoreboard.answered()).isEqualTo(new Scoreboard.Answered(600, 7000));
        assertThat(scoreboard.read()).isEqualTo(new Scoreboard.Reading(5, 3, 12345));
        scoreboard.close();
    }

    @Test
    void aPageThatIsTooShortIsNone() throws IOException {
        Files.write(file, new byte[8]);
        try (LogLines log = LogLines.withLevels("dev.loomgate.python")) {
            Scoreboard scoreboard = Scoreboard.open(file);
            assertThat(scoreboard.lastRequest()).isEqualTo(Integer.MAX_VALUE);
            assertThat(log.lines()).singleElement().asString().contains("it has only 8 bytes");
        }
    }

    @Test
    void withoutAFileEveryRequestMayHaveBegun() {
        try (LogLines log = LogLines.withLevels("dev.loomgate.python")) {
            Scoreboard scoreboard = Scoreboard.open(directory.resolve("none"));
            assertThat(scoreboard.lastRequest()).isEqualTo(Integer.MAX_VALUE);
            assertThat(scoreboard.read().inFlight()).isZero();
            assertThat(scoreboard.inside()).isEmpty();
            scoreboard.close();
            assertThat(log.lines()).singleElement().asString().startsWith("WARNING ");
        }
    }
}
