package dev.loomgate.cli.config.expansion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {
    private static final Map<String, String> VALUES = Map.of(
            "foo", "F", "p", "foo", "n", "7", "again", "x%(foo)", "self", "x%(self)", "a(b)", "nested", "empty", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%(foo)          | F",
                "a%(foo)b%(n)c   | aFb7c",
                "%(none)         | %(none)",
                "%(none)%(foo)   | %(none)F",
                "%()             | %()",
                "%(foo           | %(foo",
                "%%(foo)         | %F",
                "100% (foo)      | 100% (foo)",
                "%(a(b))         | nested",
                "%(again)        | xF",
                // The innermost first; what begins a value isn't looked at again.
                "%(%(p))         | %(foo)",
                "-%(%(p))        | -F",
                "[%(empty)]      | []",
            })
    void aNameIsReplacedByItsValue(String text, String expected) {
        assertThat(Placeholders.replace(text, '%', VALUES::get)).isEqualTo(expected);
    }

    @Test
    void anotherSymbolIsLeftAlone() {
        assertThat(Placeholders.replace("$(foo) %(foo) @(foo)", '$', VALUES::get))
                .isEqualTo("F %(foo) @(foo)");
    }

    @Test
    void aNameThatLeadsToItselfIsNamed() {
        assertThatThrownBy(() -> Placeholders.replace("%(self)", '%', VALUES::get))
                .isInstanceOf(Placeholders.Circular.class)
                .hasMessage("circular: %(self) leads to itself");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "n + 3|10",
                "n + 3 * 2|20",
                "n - 10|-3",
                "n / 2|3",
                "n / 0|0",
                "n / none|0",
                "n ++|8",
                "n --|6",
                "n ++ ++|9",
                "n foo|7F",
                "n 1 + 1|72",
                "foo + 1|1",
                "none + 1|1",
                "n + + 1|8",
                "9223372036854775807 + 1|-9223372036854775808",
                "99999999999999999999 + 0|9223372036854775807",
            })
    void anExpressionIsTakenFromLeftToRight(String expression, String expected) {
        assertThat(Arithmetic.value(expression, VALUES::get)).isEqualTo(expected);
    }

    @Test
    void withoutBlanksItIsAName() {
        assertThat(Arithmetic.value("n+1", VALUES::get)).isNull();
        assertThat(Arithmetic.value("n", VALUES::get)).isEqualTo("7");
    }
}
