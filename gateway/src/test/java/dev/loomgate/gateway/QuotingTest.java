package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotingTest {
    @Test
    void plainTextStaysAsItIs() {
        assertThat(Quoting.printable("GET /a?b=c ~")).isEqualTo("GET /a?b=c ~");
    }

    @Test
    void controlsCannotForgeALine() {
        assertThat(Quoting.printable("a\r\nb\0\u007f\u001b[31m")).isEqualTo("a\\x0d\\x0ab\\x00\\x7f\\x1b[31m");
    }

    @Test
    void charactersPastAsciiAreShownByTheirNumber() {
        assertThat(Quoting.printable("\u00e9\u2028\ud83d\ude00")).isEqualTo("\\xe9\\u2028\\ud83d\\ude00");
    }

    @Test
    void whatIsShownCanStandBetweenQuotes() {
        assertThat(Quoting.printable("a\" 200 \\x0a")).isEqualTo("a\\x22 200 \\x5cx0a");
    }

    @Test
    void longTextIsCut() {
        assertThat(Quoting.printable("x".repeat(80))).isEqualTo("x".repeat(80));
        assertThat(Quoting.printable("x".repeat(81))).isEqualTo("x".repeat(80) + "...");
    }
}
