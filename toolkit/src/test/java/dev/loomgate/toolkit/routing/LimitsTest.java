package dev.loomgate.toolkit.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.routing.converters.Converter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the limits of a variable decide, and what they don't.
class LimitsTest {
    private static String outcome(String path, String... patterns) {
        UrlMap.Builder<String> map = UrlMap.builder();
        for (int i = 0; i < patterns.length; i++) {
            map.add(Rule.of(patterns[i], "r" + i));
        }
        return switch (map.build().bind(FixedBinding.to("h")).tryMatch(path, "GET")) {
            case Outcome.Found<String>(var match) -> match.endpoint();
            case Outcome.Redirect<String>(String url) -> url;
            case Outcome.WrongMethod<String> _, Outcome.WebsocketMismatch<String> _ -> "?";
            case Outcome.Missing<String> _ -> "missing";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // As if the second had no limits.
                "/1/x   | /<int:n>/x/          | /<int:m>/x                    | r1",
                "/1/x   | /<int:n>/x/          | /<int(min=1,max=9):n>/x       | r1",
                "/1/x   | /<int(min=1):n>/x/   | /<int(max=9):n>/x             | r1",
                "/1/x   | /<int(max=9):n>/x/   | /<int:n>/x                    | r1",
                "/1/x   | /<int:n>/x/          | /<int(fixed_digits=1):n>/x    | r1",
                "/1/x/  | /<int:n>/x/          | /<int(min=1,max=9):n>/x       | r0",
                "/10/x  | /<int:n>/x/          | /<int(min=1,max=9):n>/x       | http://h/10/x/",
                "/1.5/x | /<float:n>/x/        | /<float(max=2.0):n>/x         | r1",
                "/1     | /<int:n>/            | /<int(max=9):n>               | r1",
                "/a1/x  | /a<int:n>/x/         | /a<int(max=9):n>/x            | r1",
                "/1/2   | /<int:n>/<int:m>/    | /<int(max=9):n>/<int(max=9):m>| r1",
                "/1/x   | /<int:n>/x/          | /<int(max=9):n>/<s>           | http://h/1/x/",
                "/1/x   | /<int(max=9):n>/<s>  | /<int:n>/x/                   | http://h/1/x/",
                "/1/x   | /<int:n>/x           | /<int(max=9):n>/x             | r0",
                "/1/x   | /<int(max=9):n>/x    | /<int:n>/x                    | r0",
                "/1/x   | /<int:n>/x/          | /<int(signed=True):n>/x       | http://h/1/x/"
            })
    void aLimitNeverChangesWhichOfTwoRulesWins(String path, String first, String second, String winner) {
        assertThat(outcome(path, first, second)).isEqualTo(winner);
    }

    @Test
    void aBranchThatDoesNotMindComesAfterTheExactRuleToo() {
        UrlMap<String> map = UrlMap.of(
                Rule.of("/<int:n>/x/", "branch").withStrictSlashes(false),
                Rule.of("/<int(max=9):n>/x", "leaf").withStrictSlashes(false));

        assertThat(map.bind(FixedBinding.to("h")).match("/1/x", "GET").endpoint())
                .isEqualTo("leaf");
        assertThat(map.bind(FixedBinding.to("h")).match("/1/x/", "GET").endpoint())
                .isEqualTo("branch");
        assertThat(map.bind(FixedBinding.to("h")).match("/10/x", "GET").endpoint())
                .isEqualTo("branch");
    }

    @Test
    void aFloatThatNoDoubleHoldsIsNone() {
        assertThat(outcome("/" + "9".repeat(308) + ".0", "/<float:f>")).isEqualTo("r0");
        assertThat(outcome("/" + "9".repeat(400) + ".0", "/<float:f>")).isEqualTo("missing");
        assertThat(outcome("/" + "9".repeat(400) + ".0", "/<float:f>", "/<s>")).isEqualTo("r1");
    }

    private record Throwing(Function<String, Object> function) implements Converter<Object> {
        @Override
        public Class<?> type() {
            return Object.class;
        }

        @Override
        public Optional<Object> toValue(String text) {
            return Optional.of(function.apply(text));
        }
    }

    private static String converted(String path, Function<String, Object> function) {
        UrlMap<String> map = UrlMap.<String>builder()
                .converter("own", _ -> new Throwing(function))
                .add(Rule.of("/<own:v>", "own"))
                .add(Rule.of("/<path:p>", "any"))
                .build();
        return map.bind(FixedBinding.to("h")).match(path, "GET").endpoint();
    }

    @Test
    void aConverterThatThrowsAtATextDoesNotMatchIt() {
        assertThat(converted("/2020-02-29", LocalDate::parse)).isEqualTo("own");
        assertThat(converted("/2020-02-30", LocalDate::parse)).isEqualTo("any");
        assertThat(converted("/x", Integer::valueOf)).isEqualTo("any");
        assertThat(converted("/9999999999", text -> Math.toIntExact(Long.parseLong(text))))
                .isEqualTo("any");
        assertThat(converted("/x", text -> text.split("-", -1)[1])).isEqualTo("any");
        assertThat(converted("/x", java.nio.charset.Charset::forName)).isEqualTo("any");
        assertThat(converted("/Mars", java.time.ZoneId::of)).isEqualTo("any");
        assertThatThrownBy(() -> converted("/x", text -> Objects.requireNonNull((Object) null, "its own fault")))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("its own fault");
    }

    private static String built(String pattern, Object value) {
        return UrlMap.of(Rule.of(pattern, "e")).bind(FixedBinding.to("h")).build("e", Map.of("n", value));
    }

    @Test
    void aWholeNumberOfAnySizeIsBuiltAsItIs() {
        BigInteger large = BigInteger.TWO.pow(70);
        assertThat(built("/<int:n>", large)).isEqualTo("/1180591620717411303424");
        assertThat(built("/<int:n>", large.negate())).isEqualTo("/-1180591620717411303424");
        assertThat(built("/<int:n>", large.toString())).isEqualTo("/1180591620717411303424");
        assertThat(built("/<int:n>", Long.MIN_VALUE)).isEqualTo("/-9223372036854775808");
        assertThat(built("/<int:n>", Long.MAX_VALUE)).isEqualTo("/9223372036854775807");
        assertThat(built("/<int:n>", (byte) -3)).isEqualTo("/-3");
        assertThat(built("/<int:n>", 1e20)).isEqualTo("/100000000000000000000");
        assertThat(built("/<int(fixed_digits=6):n>", -42)).isEqualTo("/-00042");
        for (Object value :
                List.of(Double.NaN, Double.POSITIVE_INFINITY, new BigDecimal("1e1000000000"), "x", "", "1.5")) {
            assertThatThrownBy(() -> built("/<int:n>", value))
                    .as("%s", value)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aNumberInAUrlHasNoExponent() {
        assertThat(built("/<float:n>", 1e20)).isEqualTo("/100000000000000000000.0");
        assertThat(built("/<float:n>", 1e-7)).isEqualTo("/0.0000001");
        assertThat(built("/<float:n>", 0.1f)).isEqualTo("/0.1");
        assertThat(built("/<n>", 174068442.0)).isEqualTo("/174068442.0");
        assertThat(built("/", 174068442.0)).isEqualTo("/?n=174068442.0");
        for (Object value : List.of(Double.NaN, Float.NEGATIVE_INFINITY, new BigDecimal("1e1000000000"), "x")) {
            assertThatThrownBy(() -> built("/<float:n>", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no URL has the number " + value);
        }
    }

    @Test
    void whatIsNoValueIsLeftOutOfTheQuery() {
        assertThat(built("/", Arrays.asList("a", null, "b"))).isEqualTo("/?n=a&n=b");
        assertThat(built("/", new String[] {"a", null})).isEqualTo("/?n=a");
        assertThat(built("/", new int[] {1, 2})).isEqualTo("/?n=1&n=2");
        assertThat(built("/", Arrays.asList(null, null))).isEqualTo("/");
        assertThat(built("/", Optional.empty())).isEqualTo("/");
        assertThat(built("/", Optional.of("a"))).isEqualTo("/?n=a");
        assertThat(built("/", List.of(Optional.of("a"), Optional.empty(), "null")))
                .isEqualTo("/?n=a&n=null");
    }
}
