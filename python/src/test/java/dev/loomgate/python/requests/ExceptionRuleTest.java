package dev.loomgate.python.requests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.ReplacementOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionRuleTest {
    private static final String TRACEBACK = """
            Traceback (most recent call last):
              File "/srv/shop.py", line 3, in application
                1 / 0
            ZeroDivisionError: division by zero

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/srv/shop.py", line 7, in application
                raise Broken("first\\nKeyError: second")
            shop.errors.Broken: first
            KeyError: second
            """;

    private static String setting(String... types) {
        ReplacementOptions options =
                ReplacementOptions.builder().exceptionTypes(List.of(types)).build();
        return String.valueOf(new ExceptionRule(options).setting(TRACEBACK));
    }

    @Test
    void theTypeIsThatOfTheLastException() {
        assertThat(setting("Broken")).isEqualTo("exceptionTypes");
        assertThat(setting("KeyError", "shop.errors.Broken")).isEqualTo("exceptionTypes");
        assertThat(setting("ZeroDivisionError", "KeyError", "errors.Broken")).isEqualTo("null");
        assertThat(setting()).isEqualTo("null");
    }

    private static String byMessage(String message) {
        return String.valueOf(new ExceptionRule(ReplacementOptions.builder()
                        .exceptionMessages(List.of(message))
                        .build())
                .setting(TRACEBACK));
    }

    private static String byText(String text) {
        return String.valueOf(new ExceptionRule(ReplacementOptions.builder()
                        .exceptionTexts(List.of(text))
                        .build())
                .setting(TRACEBACK));
    }

    @Test
    void theMessageIsAllOfIt() {
        assertThat(byMessage("first\nKeyError: second")).isEqualTo("exceptionMessages");
        assertThat(byMessage("first")).isEqualTo("null");
        assertThat(byText("shop.errors.Broken: first\nKeyError: second")).isEqualTo("exceptionTexts");
        assertThat(byText("Broken: first\nKeyError: second")).isEqualTo("exceptionTexts");
        assertThat(byText("Broken")).isEqualTo("null");
    }

    @Test
    void anyExceptionWillDo() {
        ReplacementOptions options =
                ReplacementOptions.builder().reloadOnException(true).build();
        assertThat(new ExceptionRule(options).setting("")).isEqualTo("reloadOnException");
    }
}
