package dev.loomgate.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PeriodTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @Test
    void aDayIsOverAtMidnightOfTheZone() {
        Period period = new Period(Duration.ofDays(1), Instant.parse("2026-11-23T12:00:00Z"), PARIS);

        assertThat(period.isOver(Instant.parse("2026-11-23T22:59:59Z"))).isFalse();
        assertThat(period.isOver(Instant.parse("2026-11-23T23:00:00Z"))).isTrue();
        assertThat(period.isOver(Instant.parse("2026-11-24T10:00:00Z"))).isFalse();
    }

    @Test
    void severalThatHavePassedAreToldOnce() {
        Period period = new Period(Duration.ofHours(1), Instant.parse("2026-11-23T12:59:00Z"), ZoneOffset.UTC);

        assertThat(period.isOver(Instant.parse("2026-11-23T17:10:00Z"))).isTrue();
        assertThat(period.isOver(Instant.parse("2026-11-23T17:11:00Z"))).isFalse();
    }

    @Test
    void aClockThatIsSetBackBeginsNoneAnew() {
        Period period = new Period(Duration.ofHours(1), Instant.parse("2026-11-23T12:59:00Z"), ZoneOffset.UTC);

        assertThat(period.isOver(Instant.parse("2026-11-23T11:10:00Z"))).isFalse();
        assertThat(period.isOver(Instant.parse("2026-11-23T12:10:00Z"))).isFalse();
        assertThat(period.isOver(Instant.parse("2026-11-23T13:00:00Z"))).isTrue();
    }

    @Test
    void zeroNeverEnds() {
        Period period = new Period(Duration.ZERO, Instant.EPOCH, ZoneOffset.UTC);

        assertThat(period.isOver(Instant.parse("2026-11-23T11:10:00Z"))).isFalse();
    }
}
