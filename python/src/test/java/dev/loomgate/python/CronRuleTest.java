package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When jobs are due: by examples, and against a model of uWSGI's rule.
class CronRuleTest {
    private static final int MINUTE_SECONDS = 60;

    @ParameterizedTest
    @CsvSource({
        // 2026-03-15 is a Sunday
        "0,  12, -1, -1, -1, 2026-03-15T12:00, true",
        "0,  12, -1, -1, -1, 2026-03-15T12:01, false",
        "-15,-1, -1, -1, -1, 2026-03-15T12:45, true",
        "-15,-1, -1, -1, -1, 2026-03-15T12:46, false",
        "-1, -1, -1, -1,  0, 2026-03-15T12:00, true",
        "-1, -1, -1, -1,  7, 2026-03-15T12:00, true",
        "-1, -1, -1, -1,  1, 2026-03-15T12:00, false",
        "-1, -1, 15, -1,  1, 2026-03-15T12:00, true",
        "-1, -1, 14, -1,  0, 2026-03-15T12:00, true",
        "-1, -1, 14, -1,  1, 2026-03-15T12:00, false",
        "-1, -1, -2, -1,  0, 2026-03-15T12:00, false",
        "-1, -1, -5, -1, -1, 2026-03-15T12:00, true",
        "-1, -1, -1, -2, -1, 2026-03-15T12:00, false",
        "-1, -1, -1,  3, -1, 2026-03-15T12:00, true",
        "60, -1, -1, -1, -1, 2026-03-15T12:00, false",
    })
    void aJobIsDueWhenItsFieldsAgree(
            int minute, int hour, int day, int month, int week, LocalDateTime time, boolean due) {
        assertThat(new CronRule(minute, hour, day, month, week).matches(time)).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({
        "0,  12, -1, -1, -1, 2026-03-15T12:00, 2026-03-15T12:00",
        "0,  12, -1, -1, -1, 2026-03-15T12:01, 2026-03-16T12:00",
        "-15,-1, -1, -1, -1, 2026-12-31T23:46, 2027-01-01T00:00",
        "30, -6, -1, -1,  1, 2026-03-15T12:00, 2026-03-16T00:30",
        "5,   7, 14, -1,  1, 2026-03-15T12:00, 2026-03-16T07:05",
        "0,   0, 29,  2, -1, 2026-03-15T12:00, 2028-02-29T00:00",
        "60, -1, -1, -1, -1, 2026-03-15T12:00,",
    })
    void theNextTimeIsTheFirstThatMatches(
            int minute, int hour, int day, int month, int week, LocalDateTime from, @Nullable LocalDateTime next) {
        assertThat(new CronRule(minute, hour, day, month, week).next(from)).isEqualTo(Optional.ofNullable(next));
    }

    @Test
    void theNextTimeIsAfterThisMinute() {
        CronClock clock = new CronClock(new CronRule(0, -1, -1, -1, -1), ZoneId.of("Asia/Kathmandu"));

        assertThat(clock.next(Instant.parse("2026-01-01T00:15:30Z"))).contains(Instant.parse("2026-01-01T01:15:00Z"));
    }

    @Test
    void aJobIsDueOnceAMinute() {
        CronClock clock = new CronClock(new CronRule(-1, -1, -1, -1, -1), ZoneId.of("UTC"));
        Instant minute = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(clock.isDue(minute.plusSeconds(30))).isTrue();
        assertThat(clock.isDue(minute.plusSeconds(31))).isFalse();
        assertThat(clock.isDue(minute.plusSeconds(59))).isFalse();
        assertThat(clock.isDue(minute.plusSeconds(60))).isTrue();
        assertThat(CronClock.untilNextLook(minute.plusMillis(59_250)).toMillis())
                .isEqualTo(750);
        assertThat(CronClock.untilNextLook(minute).toSeconds()).isEqualTo(10);
    }

    /// What uWSGI's master does once a second, said in other words: for each field the set of values that it means.
    private static final class Model {
        private final boolean[] minutes;
        private final boolean[] hours;
        private final boolean[] days;
        private final boolean[] months;
        private final boolean[] weekdays;
        private final boolean either;
        private long lastJob;

        Model(CronRule rule) {
            minutes = those(rule.minute(), 60);
            hours = those(rule.hour(), 24);
            days = those(rule.day(), 32);
            months = those(rule.month(), 13);
            weekdays = those(rule.week() == 7 ? 0 : rule.week(), 7);
            either = rule.day() > -1 && rule.week() > -1;
        }

        private static boolean[] those(int field, int count) {
            boolean[] those = new boolean[count];
            IntStream.range(0, count)
                    .filter(value -> field < 0 ? Math.floorMod(value, -field) == 0 : value == field)
                    .forEach(value -> those[value] = true);
            return those;
        }

        boolean runs(ZonedDateTime now) {
            boolean onDay = days[now.getDayOfMonth()];
            boolean onWeekday = weekdays[now.getDayOfWeek().getValue() % 7];
            boolean due = minutes[now.getMinute()]
                    && hours[now.getHour()]
                    && months[now.getMonthValue()]
                    && (either ? (onDay || onWeekday) : (onDay && onWeekday))
                    && now.toEpochSecond() - lastJob >= MINUTE_SECONDS;
            if (due) {
                lastJob = now.toEpochSecond();
            }
            return due;
        }
    }

    private static CronRule random(Random random) {
        return new CronRule(
                field(random, 60), field(random, 24), field(random, 32), field(random, 13), field(random, 8));
    }

    // Half of the time any, so that jobs are due at all.
    private static int field(Random random, int values) {
        return random.nextBoolean() ? -1 : random.nextBoolean() ? -1 - random.nextInt(values) : random.nextInt(values);
    }

    /// Each minute of the years 2025 and 2026: one rule a day, another one each day, and many on the days on which
    /// the clocks are changed.
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/New_York"})
    void twoYearsAreAsByUwsgisRule(String zoneName) {
        ZoneId zone = ZoneId.of(zoneName);
        Random random = new Random(47);
        int due = 0;
        for (LocalDate day = LocalDate.of(2025, 1, 1); day.getYear() < 2027; day = day.plusDays(1)) {
            ZonedDateTime begin = day.atStartOfDay(zone);
            ZonedDateTime end = day.plusDays(1).atStartOfDay(zone);
            boolean changes = !begin.getOffset().equals(end.getOffset());
            List<CronRule> rules = new ArrayList<>();
            for (int i = 0; i < (changes ? 100 : 1); i++) {
                rules.add(random(random));
            }
            if (changes) {
                rules.add(new CronRule(30, 2, -1, -1, -1));
                rules.add(new CronRule(30, 1, -1, -1, -1));
                rules.add(new CronRule(-1, -1, -1, -1, -1));
            }
            due += day(rules, begin, end, zone);
        }
        assertThat(due).isGreaterThan(10_000);
    }

    private static int day(List<CronRule> rules, ZonedDateTime begin, ZonedDateTime end, ZoneId zone) {
        int due = 0;
        for (CronRule rule : rules) {
            Model model = new Model(rule);
            CronClock clock = new CronClock(rule, zone);
            for (long second = begin.toEpochSecond(); second < end.toEpochSecond(); second += MINUTE_SECONDS) {
                Instant now = Instant.ofEpochSecond(second);
                boolean expected = model.runs(now.atZone(zone));
                if (clock.isDue(now) != expected) {
                    throw new AssertionError("%s at %s: expected %s".formatted(rule, now.atZone(zone), expected));
                }
                due += expected ? 1 : 0;
            }
        }
        return due;
    }

    @Test
    void anHourThatComesTwiceHasItsJobsTwiceAndOneThatIsLeftOutHasNone() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        CronRule atHalfPastTwo = new CronRule(30, 2, -1, -1, -1);

        assertThat(due(atHalfPastTwo, LocalDate.of(2026, 10, 25), berlin)).isEqualTo(2);
        assertThat(due(atHalfPastTwo, LocalDate.of(2026, 3, 29), berlin)).isZero();
        assertThat(due(atHalfPastTwo, LocalDate.of(2026, 3, 30), berlin)).isOne();
    }

    private static int due(CronRule rule, LocalDate day, ZoneId zone) {
        return day(List.of(rule), day.atStartOfDay(zone), day.plusDays(1).atStartOfDay(zone), zone);
    }
}
