package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {
    @Test
    void aCodeKnowsItsReasonPhrase() {
        assertThat(Status.of(200)).isEqualTo(Status.OK);
        assertThat(Status.of(204)).isEqualTo(Status.NO_CONTENT);
        assertThat(Status.of(404)).isEqualTo(Status.NOT_FOUND).hasToString("404 Not Found");
        assertThat(Status.of(500)).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(Status.of(413).reason()).isEqualTo("Content Too Large");
    }

    @Test
    void aCodeThatNoRfcNamesHasNoReasonPhrase() {
        assertThat(Status.of(299)).isEqualTo(new Status(299, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 1000})
    void aCodeOutOfRangeIsRefused(int code) {
        assertThatThrownBy(() -> Status.of(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status code " + code + " is not in 100 to 599");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\0b", "a\u007fb", "a\u0100b"})
    void aReasonPhraseThatCouldSplitTheResponseIsRefused(String reason) {
        assertThatThrownBy(() -> new Status(200, reason))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U+%04X at 1", (int) reason.charAt(1));
    }

    @ParameterizedTest
    @CsvSource({"404 Not Found,404,Not Found", "404,404,''", "'404 ',404,''", "299 A  b,299,A  b"})
    void aLineIsReadAsCodeAndReason(String line, int code, String reason) {
        assertThat(Status.parse(line)).isEqualTo(new Status(code, reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "2000", "abc", " 200 OK", "-20 OK", "200\tOK", "\u0662\u0660\u0660 OK", "200OK"})
    void aLineThatIsNoStatusIsRefused(String line) {
        assertThatThrownBy(() -> Status.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status is not 'NNN reason': " + Quoting.printable(line));
    }

    @ParameterizedTest
    @CsvSource({"100,true", "199,true", "200,false", "204,true", "205,true", "304,true", "404,false"})
    void onlySomeStatusesNeverHaveABody(int code, boolean bodiless) {
        assertThat(Status.of(code).bodiless()).isEqualTo(bodiless);
    }

    @Test
    void anEmptyReasonKeepsTheSpaceOfTheStatusLine() {
        assertThat(new Status(299, "")).hasToString("299 ");
    }
}
