package dev.loomgate.python.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.direct.SharedSocket.Takers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Times are in milliseconds.
class WatchRulesTest {
    private static WatchRules rules(long timeout) {
        return new WatchRules(Duration.ofMillis(timeout), Duration.ofMillis(300));
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "10, 5", "80, 10", "400, 50", "800, 100", "60000, 100"})
    void theLooksSuitTheTimeout(long timeout, long period) {
        assertThat(rules(timeout).period()).isEqualTo(Duration.ofMillis(period));
    }

    private static WatchRules.Seen worker(String what) {
        return switch (what) {
            case "free" -> new WatchRules.Seen(0, 0, 0, false, false, false, 0);
            case "full" -> new WatchRules.Seen(1, 0, 0, true, false, false, 0);
            case "held" -> new WatchRules.Seen(1, 0, 0, true, true, false, 0);
            // It has room, but gets on with nothing.
            case "waits" -> new WatchRules.Seen(1, 0, 0, false, true, false, 0);
            default -> throw new IllegalArgumentException(what);
        };
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, NONE",
                "free, FREE",
                "full, BUSY",
                "held, NONE",
                "free full, FREE",
                "full full, BUSY",
                "held free, FREE",
                "held full, BUSY",
                "held held, NONE",
                "waits, NONE",
                "waits free, FREE",
                "waits full, BUSY",
                "waits held, NONE"
            })
    void whoTakesConnections(String workers, Takers takers) {
        List<WatchRules.Seen> seen = workers == null
                ? List.of()
                : Arrays.stream(workers.split(" ")).map(WatchRulesTest::worker).toList();
        assertThat(rules(1000).takers(seen)).isEqualTo(takers);
    }

    /// The age is that at most; `asked` is how long ago it was asked.
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
        # timeout | inFlight | age  | held  | stopped | allHeld | asked | hand over
        0         | 1        | 999  | false | false   | false   | 5000  | -
        0         | 1        | 1000 | false | false   | false   | 5000  | 1000
        0         | 1        | 1500 | true  | false   | false   | 249   | -
        0         | 1        | 1500 | true  | false   | false   | 250   | 1000
        60000     | 2        | 1000 | false | false   | false   | 5000  | 1000
        400       | 1        | 199  | false | false   | false   | 5000  | -
        400       | 1        | 200  | false | false   | false   | 50    | 200
        400       | 1        | 200  | false | false   | false   | 49    | -
        400       | 0        | 0    | false | true    | false   | 5000  | -
        0         | 1        | 0    | false | true    | false   | 100   | 0
        0         | 1        | 0    | false | true    | false   | 99    | -
        0         | 1        | 110  | true  | false   | true    | 25    | 100
        0         | 1        | 110  | false | false   | true    | 25    | -
        0         | 1        | 90   | true  | false   | true    | 5000  | -
        100       | 1        | 60   | true  | false   | true    | 5000  | 50
        """)
    void whatIsToBeHandedOver(
            long timeout,
            int inFlight,
            long age,
            boolean held,
            boolean stopped,
            boolean allHeld,
            long asked,
            Long handOver) {
        WatchRules.Seen seen = new WatchRules.Seen(inFlight, 0, nanos(age), true, held, false, nanos(asked));
        assertThat(rules(timeout).handOver(seen, stopped, allHeld))
                .isEqualTo(handOver == null ? WatchRules.NOTHING : nanos(handOver));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 100000, false",
        "500, 1, 1500, false",
        "500, 1, 1501, true",
        "500, 0, 1501, false",
        "10, 3, 1011, true"
    })
    void whoIsStuck(long timeout, int inFlight, long age, boolean stuck) {
        WatchRules.Seen seen = new WatchRules.Seen(inFlight, nanos(age), nanos(age), true, true, false, 0);
        assertThat(rules(timeout).isStuck(seen)).isEqualTo(stuck);
        assertThat(new WatchRules(Duration.ofMillis(timeout), Duration.ofHours(1)).isStuck(seen))
                .isFalse();
    }
}
