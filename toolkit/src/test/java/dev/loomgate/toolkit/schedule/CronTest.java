package dev.loomgate.toolkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTest {
    private static List<String> next(String expression, String after, int count) {
        Cron cron = Cron.of(expression);
        List<String> times = new ArrayList<>();
        ZonedDateTime time = ZonedDateTime.parse(after);
        for (int i = 0; i < count; i++) {
            time = cron.next(time).orElseThrow();
            times.add(time.toString());
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            * * * * *;            2026-11-29T10:00:30Z; 2026-11-29T10:01Z
            * * * * *;            2026-11-29T10:00Z;    2026-11-29T10:01Z
            */15 * * * *;         2026-11-29T10:46Z;    2026-11-29T11:00Z
            5-59/20 * * * *;      2026-11-29T10:06Z;    2026-11-29T10:25Z
            30 3 * * *;           2026-12-31T03:30Z;    2027-01-01T03:30Z
            0 8-18/5,23 * * *;    2026-11-29T18:00Z;    2026-11-29T23:00Z
            0 0 29 2 *;           2026-11-29T10:00Z;    2028-02-29T00:00Z
            0 0 29 2 *;           2096-03-01T10:00Z;    2104-02-29T00:00Z
            0 12 * * mon-fri;     2026-11-27T12:00Z;    2026-11-30T12:00Z
            0 12 * * 7;           2026-11-28T12:00Z;    2026-11-29T12:00Z
            0 12 * * Sun;         2026-11-28T12:00Z;    2026-11-29T12:00Z
            0 12 1 jan,Jul *;     2026-11-28T12:00Z;    2027-01-01T12:00Z
            0 0 13 * 5;           2026-11-01T00:00Z;    2026-11-06T00:00Z
            0 0 13 * */5;         2026-11-01T00:00Z;    2026-11-13T00:00Z
            0 0 */2 * 5;          2026-11-01T00:00Z;    2026-11-13T00:00Z
            """)
    void findsTheNextMinute(String expression, String after, String next) {
        assertThat(next(expression, after, 1)).containsExactly(next);
    }

    @Test
    void aTimeThatSpringLeavesOutIsNotDue() {
        assertThat(next("30 2 * * *", "2026-03-28T01:00+01:00[Europe/Berlin]", 2))
                .containsExactly("2026-03-28T02:30+01:00[Europe/Berlin]", "2026-03-30T02:30+02:00[Europe/Berlin]");
    }

    @Test
    void aTimeThatAutumnHasTwiceIsDueOnce() {
        assertThat(next("*/30 2 * * *", "2026-10-25T01:59+02:00[Europe/Berlin]", 3))
                .containsExactly(
                        "2026-10-25T02:00+02:00[Europe/Berlin]",
                        "2026-10-25T02:30+02:00[Europe/Berlin]",
                        "2026-10-26T02:00+01:00[Europe/Berlin]");
        assertThat(next("*/30 * * * *", "2026-10-25T02:10+01:00[Europe/Berlin]", 1))
                .containsExactly("2026-10-25T03:00+01:00[Europe/Berlin]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            * * * *;         MINUTE HOUR DAY MONTH WEEKDAY
            60 * * * *;      minute '60': '60' is not 0 to 59
            * 24 * * *;      hour '24': '24' is not 0 to 23
            * * 0 * *;       day '0': '0' is not 1 to 31
            * * * 13 *;      month '13': '13' is not 1 to 12
            * * * * 8;       weekday '8': '8' is not 0 to 7
            * * * * mon-;    weekday 'mon-': '' is not 0 to 7
            1,,2 * * * *;    minute '': '' is not 0 to 59
            */0 * * * *;     minute '*/0': '0' is not 1 to 59
            9-5 * * * *;     minute '9-5' is empty: 9 is after 5
            -5 * * * *;      minute '-5': '' is not 0 to 59
            * * mon * *;     day 'mon': 'mon' is not 1 to 31
            99999 * * * *;   minute '99999': '99999' is not 0 to 59
            0 0 31 2 *;      is never due
            """)
    void saysWhatIsWrong(String expression, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cron.of(expression))
                .withMessageContaining(message);
    }

    @Test
    void isItsExpression() {
        assertThat(Cron.of("*/5 * * * *")).hasToString("*/5 * * * *");
    }
}
