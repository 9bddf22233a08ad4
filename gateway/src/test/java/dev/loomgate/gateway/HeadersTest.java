package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    @Test
    void namesCompareWithoutRegardToCase() {
        Headers headers = Headers.of("Content-Type", "text/plain");

        assertThat(headers.first("content-TYPE")).contains("text/plain");
        assertThat(headers.contains("CONTENT-TYPE")).isTrue();
        assertThat(headers.first("Content-Length")).isEmpty();
    }

    @Test
    void aNameMayOccurMoreThanOnceAndTheOrderStays() {
        Headers headers = Headers.of("Set-Cookie", "a=1", "Vary", "*").add("set-cookie", "b=2");

        assertThat(headers.all("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(headers.first("Set-Cookie")).contains("a=1");
        assertThat(headers.size()).isEqualTo(3);
        assertThat(headers)
                .containsExactly(
                        Map.entry("Set-Cookie", "a=1"), Map.entry("Vary", "*"), Map.entry("set-cookie", "b=2"));
    }

    @Test
    void setReplacesTheFirstInItsPlaceAndDropsTheOthers() {
        Headers headers = Headers.of("A", "1", "B", "2", "a", "3", "C", "4", "A", "5");

        headers.set("a", "6");

        assertThat(headers.toString()).isEqualTo("A: 6\nB: 2\nC: 4\n");
    }

    @Test
    void setAddsWhatIsNotThere() {
        assertThat(new Headers().set("A", "1")).isEqualTo(Headers.of("A", "1"));
    }

    @Test
    void setDefaultKeepsWhatIsThere() {
        assertThat(Headers.of("A", "1").setDefault("a", "2").setDefault("B", "3"))
                .isEqualTo(Headers.of("A", "1", "B", "3"));
    }

    @Test
    void removeDropsEveryOccurrenceAndSaysSo() {
        Headers headers = Headers.of("A", "1", "B", "2", "a", "3");

        assertThat(headers.remove("a")).isTrue();
        assertThat(headers.remove("a")).isFalse();
        assertThat(headers).isEqualTo(Headers.of("B", "2"));
        headers.remove("B");
        assertThat(headers.isEmpty()).isTrue();
    }

    @Test
    void manyFieldsFit() {
        Headers headers = new Headers();
        for (int i = 0; i < 100; i++) {
            headers.add("X-" + i, "value " + i);
        }

        assertThat(headers.size()).isEqualTo(100);
        assertThat(headers.first("x-99")).contains("value 99");
    }

    @Test
    void aCopyChangesByItself() {
        Headers original = Headers.of("A", "1");
        Headers copy = original.copy().set("A", "2").add("B", "3");

        assertThat(original).isEqualTo(Headers.of("A", "1"));
        assertThat(copy).isEqualTo(Headers.of("A", "2", "B", "3"));
    }

    @Test
    void forEachShowsTheFieldsInOrder() {
        List<String> seen = new ArrayList<>();

        Headers.of("B", "1", "A", "2").forEach((name, value) -> seen.add(name + "=" + value));

        assertThat(seen).containsExactly("B=1", "A=2");
    }

    @Test
    void theIteratorEndsAndCannotRemove() {
        Iterator<Map.Entry<String, String>> fields = Headers.of("A", "1").iterator();
        fields.next();

        assertThat(fields.hasNext()).isFalse();
        assertThatThrownBy(fields::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(fields::remove).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalHeadersHaveTheSameFieldsInTheSameOrder() {
        Headers headers = Headers.of("A", "1", "B", "2");

        assertThat(headers)
                .isEqualTo(Headers.of("a", "1", "b", "2"))
                .hasSameHashCodeAs(Headers.of("a", "1", "b", "2"))
                .isNotEqualTo(Headers.of("B", "2", "A", "1"))
                .isNotEqualTo(Headers.of("A", "1"))
                .isNotEqualTo(Headers.of("A", "1", "B", "x"))
                .isNotEqualTo("A: 1\nB: 2\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "A:", "A B", "A\r\n", "A\0", "Ä", "A(", "A\"", "A/B", "\u212a"})
    void aNameThatIsNoTokenIsRefused(String name) {
        assertThatThrownBy(() -> new Headers().add(name, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("header name is not a token: \"")
                .hasMessageContaining(Quoting.printable(name));
        assertThatThrownBy(() -> new Headers().set(name, "value")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "a\u007fb", "a\u001bb", "a\u0100b", "a\u2028b"})
    void aValueThatCouldSplitTheResponseIsRefused(String value) {
        Headers headers = Headers.of("Location", "/");

        assertThatThrownBy(() -> headers.add("Location", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header Location has character U+%04X at 1 of its value".formatted((int) value.charAt(1)));
        assertThatThrownBy(() -> headers.set("Location", value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(headers).isEqualTo(Headers.of("Location", "/"));
    }

    @Test
    void tabsAndLatin1StayInAValue() {
        assertThat(Headers.of("A", "a\tb \u00e9\u00ff").first("A")).contains("a\tb \u00e9\u00ff");
    }

    @Test
    void namesAndValuesComeInPairs() {
        assertThatThrownBy(() -> Headers.of("A", "1", "B"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("names and values must come in pairs, not 3");
    }
}
