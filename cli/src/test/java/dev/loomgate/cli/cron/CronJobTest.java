package dev.loomgate.cli.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.CronRule;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How jobs are written.
class CronJobTest {
    @Test
    void fiveNumbersAndACommand() {
        CronJob job = CronJob.of("59  -2 -1 -1 7   ./report --all ' x '", true);

        assertThat(job.rule()).isEqualTo(new CronRule(59, -2, -1, -1, 7));
        assertThat(job.command()).isEqualTo("./report --all ' x '");
        assertThat(job.unique()).isTrue();
        assertThat(job.limit()).isNull();
    }

    @Test
    void keysAndACommand() {
        CronJob job = CronJob.withKeys("minute=-5,week=7,unique=1,harakiri=30 ./report a=b");

        assertThat(job.rule()).isEqualTo(new CronRule(-5, -1, -1, -1, 7));
        assertThat(job.command()).isEqualTo("./report a=b");
        assertThat(job.unique()).isTrue();
        assertThat(job.limit()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aKeySaysWhetherServersRunItOnce() {
        assertThat(CronJob.withKeys("minute=-5,redis=wait ./report").sharing()).isEqualTo(CronJob.Sharing.WAIT);
        assertThat(CronJob.withKeys("redis=run,unique=1 ./report").sharing()).isEqualTo(CronJob.Sharing.RUN);
        assertThat(CronJob.withKeys("redis=no ./report").sharing()).isEqualTo(CronJob.Sharing.NO);
        assertThat(CronJob.withKeys("unique=1 ./report").sharing()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"./report", "./report and more", "sh -c 'a=b'"})
    void aCommandWithoutKeysIsRunEachMinute(String text) {
        CronJob job = CronJob.withKeys(text);

        assertThat(job.rule()).isEqualTo(new CronRule(-1, -1, -1, -1, -1));
        assertThat(job.command()).isEqualTo(text);
        assertThat(job.unique()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http://host/a?b=c d | 'http://host/a?b=c d' is not a URL: Illegal character in query",
                "ftp://host/a | 'ftp://host/a' is not a URL of http or https",
                "http:///a | 'http:///a' is not a URL of http or https"
            })
    void aUrlIsOneOfHttp(String url, String message) {
        assertThatThrownBy(() -> CronJob.request("-1 -1 -1 -1 -1 " + url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aUrlIsShownWithoutItsPassword() {
        CronJob job = CronJob.request("0 4 -1 -1 -1 https://ann:se%40cret@host:8443/a@b?c");

        assertThat(job.url()).isEqualTo(URI.create("https://ann:se%40cret@host:8443/a@b?c"));
        assertThat(job.text()).isEqualTo("0 4 -1 -1 -1 https://host:8443/a@b?c");
        assertThat(job.command()).isEqualTo("https://host:8443/a@b?c");
        assertThat(CronJob.request("0 4 -1 -1 -1 host/a").url()).isEqualTo(URI.create("http://host/a"));
    }

    @Test
    void noLimitIsNotTheLimitOfAll() {
        assertThat(CronJob.withKeys("harakiri=0 ./report").limit()).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-1 -1 -1 -1 ./report | '-1 -1 -1 -1 ./report' is not MINUTE HOUR DAY MONTH WEEKDAY COMMAND, as in"
                        + " -15 -1 -1 -1 -1 ./report",
                "-1 -1 -1 -1 -1 | '-1 -1 -1 -1 -1' is not MINUTE HOUR DAY MONTH WEEKDAY COMMAND, as in"
                        + " -15 -1 -1 -1 -1 ./report",
                "60 -1 -1 -1 -1 x | the minute is 60, it must be in 0 to 59, or negative: -1 for any, -5 for every fifth",
                "-1 -1 0 -1 -1 x | the day is 0, it must be in 1 to 31, or negative: -1 for any, -5 for every fifth",
            })
    void whatIsWrongIsSaid(String text, String said) {
        assertThatThrownBy(() -> CronJob.of(text, false)).hasMessage(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "minute=5 | 'minute=5' has no command: it is KEY=N,KEY=N COMMAND, as in minute=-15,unique=1 ./report",
                "minute=x ./report | minute is 'x', it must be a number",
                "minutes=5 ./report | 'minutes=5' is not one of minute, hour, day, month, week, unique, harakiri, redis",
                "redis=miss ./report | 'redis=miss' is not redis=wait, run or no",
                "week=8 ./report | the week is 8, it must be in 0 to 7, or negative: -1 for any, -5 for every fifth",
                "harakiri=-1 ./report | harakiri is -1, it must be 0 or more",
                "legion=l ./report | legion isn't offered: servers agree in Redis who runs it (redis=wait, --redis)",
            })
    void whatIsWrongWithKeysIsSaid(String text, String said) {
        assertThatThrownBy(() -> CronJob.withKeys(text)).hasMessage(said);
    }
}
