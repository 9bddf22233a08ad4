package dev.loomgate.cli.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsPushTest {
    private static final Path DIRECTORY = Path.of("/srv/shop");

    @Test
    void aFileHasUwsgisDefaults() {
        assertThat(StatsPush.of("file", DIRECTORY))
                .isEqualTo(new StatsPush.ToFile(DIRECTORY.resolve("uwsgi.stats"), "\n\n", Duration.ZERO));
        assertThat(StatsPush.of("file:path=/tmp/s,freq=10,separator=--", DIRECTORY))
                .isEqualTo(new StatsPush.ToFile(Path.of("/tmp/s"), "--", Duration.ofSeconds(10)));
    }

    @Test
    void aSocketHasAPrefix() {
        assertThat(StatsPush.of("statsd:127.0.0.1:8125", DIRECTORY))
                .isInstanceOfSatisfying(StatsPush.ToSocket.class, to -> {
                    assertThat(to.prefix()).isEqualTo("uwsgi");
                    assertThat(to.statsd()).isTrue();
                    assertThat(to.address().getPort()).isEqualTo(8125);
                });
        assertThat(StatsPush.of("socket:127.0.0.1:1,a.b", DIRECTORY))
                .isInstanceOfSatisfying(StatsPush.ToSocket.class, to -> {
                    assertThat(to.prefix()).isEqualTo("a.b");
                    assertThat(to.statsd()).isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "mongodb:x|'mongodb' is no way to send statistics",
                "file:size=3|'size=3' is none of path=FILE, freq=SECONDS and separator=TEXT",
                "file:freq=often|freq is a number of seconds",
                "statsd:8125|a UDP address is HOST:PORT",
                "socket:127.0.0.1:70000|a UDP address is HOST:PORT",
                "socket|a UDP address is HOST:PORT"
            })
    void whatIsWrongIsSaidInOneLine(String text, String why) {
        assertThatThrownBy(() -> StatsPush.of(text, DIRECTORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--stats-push " + text + ": ")
                .hasMessageContaining(why);
    }
}
