package dev.loomgate.toolkit.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Response;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1994-11-06T08:49:37Z           | Sun, 06 Nov 1994 08:49:37 GMT",
                "9999-12-31T23:59:59.999999999Z | Fri, 31 Dec 9999 23:59:59 GMT",
                "0000-01-01T00:00:00Z           | Sat, 01 Jan 0000 00:00:00 GMT",
                "0044-03-15T00:00:00Z           | Tue, 15 Mar 0044 00:00:00 GMT"
            })
    void aYearHasFourDigits(String instant, String date) {
        assertThat(HttpDate.format(Instant.parse(instant))).isEqualTo(date);
        assertThat(HttpDate.parse(date))
                .map(Instant::getEpochSecond)
                .contains(Instant.parse(instant).getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+10000-01-01T00:00:00Z",
                "-0001-12-31T23:59:59Z",
                "+1000000000-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z"
            })
    void noOtherYearHasADate(String text) {
        Instant instant = Instant.parse(text);
        assertThat(HttpDate.names(instant)).isFalse();
        assertThatThrownBy(() -> HttpDate.format(instant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no HTTP-date names");
        assertThatThrownBy(() -> Cookie.of("a", "b").withExpires(instant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no cookie expires then");
    }

    @Test
    void aFileOfSuchAYearIsSentWithoutADate() {
        Response response = new Response("x").lastModified(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(response.header("Last-Modified")).contains("Wed, 01 Jan 2020 00:00:00 GMT");
        assertThat(response.lastModified(Instant.MAX).header("Last-Modified")).isEmpty();
    }
}
