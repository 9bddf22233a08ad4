package dev.loomgate.loop.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OnceInAWhileTest {
    private static final long SECOND = 1_000_000_000L;

    private final OnceInAWhile lines = new OnceInAWhile(Duration.ofSeconds(10));

    @Test
    void firstOfEachKindIsSaid() {
        assertThat(lines.say("a", 0)).isEqualTo(OptionalLong.of(0));
        assertThat(lines.say("b", 1)).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void nextOneComesAfterTheSilenceWithTheNumberOfThoseLeftOut() {
        lines.say("a", 0);

        assertThat(lines.say("a", SECOND)).isEmpty();
        assertThat(lines.say("a", 9 * SECOND)).isEmpty();
        assertThat(lines.say("a", 10 * SECOND)).isEqualTo(OptionalLong.of(2));
        assertThat(lines.say("a", 21 * SECOND)).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void kindsThatAreLongGoneAreForgotten() {
        lines.say("a", 0);
        for (int i = 0; i < 1000; i++) {
            lines.say("other " + i, 1);
        }

        assertThat(lines.say("a", 2)).isEqualTo(OptionalLong.of(0));
    }
}
