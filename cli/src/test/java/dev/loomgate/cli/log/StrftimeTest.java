package dev.loomgate.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The same as what date(1), and with it the C library, makes of the same pattern.
@Timeout(60)
class StrftimeTest {
    private static final String PATTERN =
            "%a|%A|%b|%B|%c|%C|%d|%D|%e|%F|%g|%G|%h|%H|%I|%j|%k|%l|%m|%M|%p|%P|%r|%R|%s|%S"
                    + "|%T|%u|%U|%V|%w|%W|%x|%X|%y|%Y|%z|%%|%-d|%_m|%-H|%0e|%_j|100%|a%tb";

    @Test
    void everyConversionIsTheCLibrarys() throws Exception {
        // Around the turns of years, where the weeks' numbers differ, and the hours of a day.
        List<Long> times = new ArrayList<>(List.of(0L, 951_782_399L, 1_709_164_800L));
        for (int year = 2015; year < 2027; year++) {
            long turn = Instant.parse(year + "-01-01T00:00:00Z").getEpochSecond();
            times.addAll(List.of(turn - 86_401, turn - 1, turn, turn + 3 * 86_400 + 45_296, turn + 200 * 86_400L));
        }
        StringBuilder script = new StringBuilder();
        times.forEach(time -> script.append("date -d @").append(time).append(" \"+$1\"\n"));
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script.toString(), "sh", PATTERN);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", TimeZone.getDefault().getID());
        Process date = builder.redirectErrorStream(true).start();
        String expected = new String(date.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(date.waitFor()).isZero();

        Strftime strftime = Strftime.of(PATTERN);
        List<String> actual = times.stream()
                .map(time -> strftime.apply(Instant.ofEpochSecond(time)))
                .toList();
        assertThat(actual).containsExactlyElementsOf(expected.lines().toList());
    }

    @Test
    void whatIsNoConversionStays() {
        assertThat(Strftime.of("site %Q %").apply(Instant.EPOCH)).isEqualTo("site %Q %");
        assertThat(Strftime.CTIME.apply(Instant.EPOCH))
                .matches("[A-Z][a-z]{2} [A-Z][a-z]{2} [ 1-3]\\d [0-9:]{8} \\d{4}");
    }
}
