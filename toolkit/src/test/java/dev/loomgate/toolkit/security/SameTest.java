package dev.loomgate.toolkit.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SameTest {
    private static final String SECRET = "s".repeat(4 << 20);

    /// The least time of several, so that a busy machine doesn't count.
    private static long nanos(String given) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long begin = System.nanoTime();
            assertThat(Same.text(given, SECRET)).isFalse();
            least = Math.min(least, System.nanoTime() - begin);
        }
        return least;
    }

    /// One that ends at the first difference takes a ten-thousandth for the first of these.
    @Test
    void theTimeDoesNotTellHowMuchWasRight() {
        String first = "x" + SECRET.substring(1);
        String last = SECRET.substring(1) + "x";

        assertThat(TimeUnit.NANOSECONDS.toMicros(nanos(first)) * 5)
                .isGreaterThan(TimeUnit.NANOSECONDS.toMicros(nanos(last)));
    }

    @Test
    void textsAreTheSameOrNot() {
        assertThat(Same.text("secret", "secret")).isTrue();
        assertThat(Same.text("Secret", "secret")).isFalse();
        assertThat(Same.text("secre", "secret")).isFalse();
        assertThat(Same.text("", "secret")).isFalse();
    }
}
