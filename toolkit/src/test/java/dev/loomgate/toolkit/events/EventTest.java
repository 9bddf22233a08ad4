package dev.loomgate.toolkit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    private static String sent(Event event) {
        return new String(event.encoded(), StandardCharsets.UTF_8);
    }

    @Test
    void allOfIt() {
        Event event =
                Event.of("ä\n€\uD83D\uDE00").withName("price").withId("42").withRetry(Duration.ofSeconds(5));

        assertThat(sent(event)).isEqualTo("event: price\nid: 42\nretry: 5000\ndata: ä\ndata: €\uD83D\uDE00\n\n");
    }

    /// A client takes one space after the colon away, joins the lines with LF, and takes the last LF away.
    @ParameterizedTest
    @CsvSource({
        "'', 'data:|'",
        "' a', 'data:  a|'",
        "a|, 'data: a|data:|'",
        "a||b, 'data: a|data:|data: b|'",
        "a^b, 'data: a|data: b|'",
        "a^|b, 'data: a|data: b|'",
        "a^^|b, 'data: a|data:|data: b|'",
        "data: a, 'data: data: a|'",
        "':', 'data: :|'"
    })
    void anyTextIsData(String data, String lines) {
        String text = data.replace('|', '\n').replace('^', '\r');

        assertThat(sent(Event.of(text))).isEqualTo(lines.replace('|', '\n') + "\n");
    }

    @Test
    void commentsCantBecomeFields() {
        assertThat(sent(Event.ofComment("a\rdata: b"))).isEqualTo(": a\n: data: b\n\n");
    }

    @Test
    void aTimeAloneIsNoEventForThePage() {
        assertThat(sent(Event.ofRetry(Duration.ofMillis(1500)))).isEqualTo("retry: 1500\n\n");
    }

    @Test
    void anEmptyIdHasTheClientForgetIt() {
        assertThat(sent(Event.of("a").withId(""))).isEqualTo("id:\ndata: a\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "\n", "a\r\ndata: b"})
    void lineBreaksInNameAndIdAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Event.of("").withName(text))
                .withMessage("an event's name has a line break");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Event.of("").withId(text))
                .withMessage("an event's id has a line break");
    }

    @Test
    void whatClientsIgnoreIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Event.of("").withId("a\0"))
                .withMessage("an event's id has U+0000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Event.of("").withName(""))
                .withMessage("an event's name is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Event.of("").withRetry(Duration.ofMillis(-1)))
                .withMessageContaining("retry is negative");
    }
}
