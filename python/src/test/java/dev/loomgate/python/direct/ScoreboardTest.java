package dev.loomgate.python.direct;

import static org.assertj.core.api.Assertions.assertThat;

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

    private final ByteBuffer page = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
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
        write(7, 5, 3, 12345);
        assertThat(scoreboard.lastRequest()).isEqualTo(7);
        assertThat(scoreboard.read()).isEqualTo(new Scoreboard.Reading(5, 3, 12345));
        assertThat(scoreboard.read().inFlight()).isEqualTo(2);
        scoreboard.close();
    }

    @Test
    void theLastPacketIsNamed() throws IOException {
        byte[] packet = "\0$\0\0\16\0REQUEST_METHOD\3\0GET\11\0PATH_INFO\2\0/a".getBytes(StandardCharsets.ISO_8859_1);
        page.position(Scoreboard.PACKET_AT).put(packet);
        write(0, 1, 0, 1, packet.length);
        Scoreboard scoreboard = Scoreboard.open(file);
        assertThat(scoreboard.lastPacket()).contains(new PacketHead("GET", "/a"));
        scoreboard.close();
    }

    @Test
    void whereNoPacketIsKeptThereIsNone() {
        Scoreboard scoreboard = Scoreboard.open(file);
        assertThat(scoreboard.lastPacket()).isEmpty();
        scoreboard.close();
    }

    @Test
    void aLengthThatIsNoneDoesNoHarm() throws IOException {
        write(0, 1, 0, 1, -1);
        Scoreboard scoreboard = Scoreboard.open(file);
        assertThat(scoreboard.lastPacket()).isEmpty();
        write(0, 1, 0, 1, Long.MAX_VALUE);
        assertThat(scoreboard.lastPacket()).isPresent();
        scoreboard.close();
    }

    @Test
    void afterItsEndItSaysWhatWasThereLast() throws IOException {
        Scoreboard scoreboard = Scoreboard.open(file);
        write(7, 5, 3, 12345);
        scoreboard.close();
        assertThat(file).doesNotExist();
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
            assertThat(scoreboard.lastPacket()).isEmpty();
            scoreboard.close();
            assertThat(log.lines()).singleElement().asString().startsWith("WARNING ");
        }
    }
}
