package dev.loomgate.cli.loggers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleTest {
    @Test
    void itAppliesToWhatItsExpressionFinds() {
        Rule rule = Rule.expression("--log-drain", "health(z|check)");
        assertThat(rule.applies("GET /healthz HTTP/1.1")).isTrue();
        assertThat(rule.applies("GET /health HTTP/1.1")).isFalse();
    }

    @Test
    void aMessageTooLongForTheExpressionEndsNoThread() {
        Rule rule = Rule.expression("--log-drain", "^GET /(a|b)*c");
        assertThat(rule.applies("GET /aabc")).isTrue();
        assertThat(rule.applies("GET /" + "ab".repeat(500_000) + "c")).isFalse();
    }
}
