package dev.loomgate.toolkit.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.exceptions.MethodNotAllowed;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.RequestRedirect;
import dev.loomgate.toolkit.routing.converters.Converter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class UrlMapTest {
    @SafeVarargs
    private static MapAdapter<String> bound(Rule<String>... rules) {
        UrlMap.Builder<String> builder = UrlMap.<String>builder().converter("bad", _ -> new CatastrophicConverter());
        for (Rule<String> rule : rules) {
            builder.add(rule);
        }
        return builder.build().bind(FixedBinding.to("example.org"));
    }

    private static Rule<String> rule(String pattern) {
        return Rule.of(pattern, pattern);
    }

    private static String endpoint(MapAdapter<String> urls, String path) {
        return urls.match(path, "GET").endpoint();
    }

    @Test
    void aValueThatItsConverterRefusesLetsTheSearchGoOn() {
        MapAdapter<String> urls = bound(rule("/<int(max=5):n>"), rule("/<s>"), rule("/<int(min=100):n>"));

        assertThat(endpoint(urls, "/5")).isEqualTo("/<int(max=5):n>");
        assertThat(endpoint(urls, "/100")).isEqualTo("/<int(min=100):n>");
        assertThat(endpoint(urls, "/6")).isEqualTo("/<s>");
    }

    @Test
    void segmentsWithTheSameHashAreToldApart() {
        // As text these six have but two hashes.
        String[] words = {"AaAa", "BBBB", "AaBB", "BBAa", "Aa", "BB"};
        UrlMap.Builder<String> map = UrlMap.builder();
        for (String word : words) {
            map.add(rule("/" + word + "/<s>"));
        }
        MapAdapter<String> urls = map.build().bind(FixedBinding.to("example.org"));

        for (String word : words) {
            assertThat(endpoint(urls, "/" + word + "/x")).isEqualTo("/" + word + "/<s>");
        }
        assertThat(urls.test("/AaC#/x", "GET")).isFalse();
    }

    @Test
    void methodsThatAreNotUsualAreTakenAtTheirWordToo() {
        MapAdapter<String> urls = bound(
                rule("/<s>").withMethods("PROPFIND"), rule("/<s>/b").withMethods("TRACE", "DELETE"), rule("/<s>/c"));

        assertThat(urls.match("/a", "propfind").endpoint()).isEqualTo("/<s>");
        assertThat(urls.allowedMethods("/a")).containsExactly("PROPFIND");
        assertThat(urls.test("/a", "REPORT")).isFalse();
        assertThat(urls.test("/a/b", "TRACE")).isTrue();
        assertThat(urls.test("/a/b", "DELETE")).isTrue();
        assertThat(urls.test("/a/b", "PROPFIND")).isFalse();
        assertThat(urls.test("/a/c", "REPORT")).isTrue();
    }

    @Test
    void anUnrelatedRuleDoesNotChangeWhichOneWins() {
        MapAdapter<String> without = bound(rule("/<any(a,b):n>"), rule("/<s>"));
        MapAdapter<String> with = bound(rule("/<x>/unrelated"), rule("/<any(a,b):n>"), rule("/<s>"));

        assertThat(endpoint(without, "/a")).isEqualTo("/<any(a,b):n>");
        assertThat(endpoint(with, "/a")).isEqualTo("/<any(a,b):n>");
    }

    @Test
    void moreThanTenVariablesInASegmentKeepTheirOrder() {
        StringBuilder pattern = new StringBuilder("/");
        StringBuilder path = new StringBuilder("/");
        for (int i = 0; i < 12; i++) {
            pattern.append(i == 0 ? "" : "-").append("<int:v").append(i).append('>');
            path.append(i == 0 ? "" : "-").append(i);
        }

        PathArguments arguments =
                bound(rule(pattern.toString())).match(path.toString(), "GET").arguments();

        assertThat(arguments).hasSize(12);
        IntStream.range(0, 12)
                .forEach(i -> assertThat(arguments.number("v" + i)).isEqualTo(i));
    }

    @Test
    void aNumberOverALongIsNoNumber() {
        MapAdapter<String> urls = bound(rule("/<int:n>"), rule("/-/<int(signed=True):n>"));

        assertThat(urls.match("/9223372036854775807", "GET").arguments().number("n"))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(urls.match("/-/-9223372036854775808", "GET").arguments().number("n"))
                .isEqualTo(Long.MIN_VALUE);
        assertThat(urls.test("/9223372036854775808", "GET")).isFalse();
        assertThat(urls.test("/99999999999999999999999", "GET")).isFalse();
        assertThat(urls.test("/-/-9223372036854775809", "GET")).isFalse();
    }

    @Test
    void negativeBoundsCanBeGiven() {
        MapAdapter<String> urls = bound(rule("/<int(min=-5, max=-1, signed=True):n>"));

        assertThat(urls.test("/-5", "GET")).isTrue();
        assertThat(urls.test("/-6", "GET")).isFalse();
        assertThat(urls.test("/0", "GET")).isFalse();
    }

    @Test
    void theExceptionsCarryWhatTheResponseNeeds() {
        MapAdapter<String> urls = UrlMap.of(
                        rule("/a/").withMethods("GET"),
                        rule("/a/<b>").withMethods("POST"),
                        rule("/a/x").withMethods("PUT"))
                .bind(FixedBinding.to("example.org").withScriptName("/app").withQueryString("q=1"));

        assertThatThrownBy(() -> urls.match("/a", "GET"))
                .isInstanceOfSatisfying(
                        RequestRedirect.class, e -> assertThat(e.newUrl()).isEqualTo("http://example.org/app/a/?q=1"));
        assertThatThrownBy(() -> urls.match("/a/x", "GET"))
                .isInstanceOfSatisfying(
                        MethodNotAllowed.class, e -> assertThat(e.allowed()).containsExactly("POST", "PUT"));
        assertThatThrownBy(() -> urls.match("/b", "GET")).isInstanceOf(NotFound.class);
        assertThat(urls.allowedMethods("/a/x")).containsExactly("POST", "PUT");
    }

    @Test
    void controlFlowHasNoStackTrace() {
        assertThatThrownBy(() -> bound(rule("/")).match("/x", "GET"))
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void duplicatesFailWhenTheMapIsMade() {
        duplicate(rule("/<a>"), rule("/<string:b>"));
        duplicate(rule("/a").withMethods("GET"), rule("/a"));
        duplicate(rule("/a").withMethods("GET", "POST"), rule("/a").withMethods("POST", "PUT"));
        duplicate(rule("/a//b"), rule("/a/b"));

        bound(rule("/a").withMethods("GET"), rule("/a").withMethods("POST", "HEAD"));
        bound(rule("/<a>"), rule("/<int:a>"), rule("/<a>/"));
        bound(rule("/a"), rule("/a").asWebsocket());
        bound(rule("/a"), rule("/a").asBuildOnly());
        bound(rule("/a"), rule("/a").withSubdomain("x"));
    }

    private static void duplicate(Rule<String> first, Rule<String> second) {
        assertThatThrownBy(() -> bound(first, second))
                .isInstanceOf(DuplicateRuleException.class)
                .hasMessageContaining(second.pattern())
                .hasMessageContaining(first.pattern());
    }

    @Test
    void aRuleThatCannotBeReadSaysWhat() {
        wrong("x", "URL rule 'x' must start with a slash");
        wrong("/<", "malformed URL rule '/<': can't read '<'");
        wrong("/<int:>", "malformed URL rule");
        wrong("/<nope:a>", "URL rule '/<nope:a>': the converter 'nope' does not exist");
        wrong("/<a>/<a>", "variable <a> occurs twice");
        wrong("/<int(mx=1):a>", "knows no argument mx, only fixed_digits, min, max, signed");
        wrong("/<int(1):a>", "needs its arguments by name");
        wrong("/<int(min=x):a>", "min is not a whole number: x");
        wrong("/<int(min=\"1\" 2):a>", "can't read converter argument");
        wrong("/<string(length=-1):a>", "no text is -1 to -1 long");
        wrong("/<any():a>", "needs the texts to choose from");
    }

    private static void wrong(String pattern, String message) {
        assertThatThrownBy(() -> bound(rule(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static final class CatastrophicConverter implements Converter<String> {
        @Override
        public Class<?> type() {
            return String.class;
        }

        @Override
        public String regex() {
            return "(a+)+";
        }

        @Override
        public Optional<String> toValue(String text) {
            return Optional.of(text);
        }
    }

    private static final class DateConverter implements Converter<LocalDate> {
        @Override
        public Class<?> type() {
            return LocalDate.class;
        }

        @Override
        public String regex() {
            return "[0-9]{4}/[0-9]{2}/[0-9]{2}";
        }

        @Override
        public Optional<LocalDate> toValue(String text) {
            try {
                return Optional.of(LocalDate.parse(text.replace('/', '-')));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        @Override
        public String toUrl(Object value) {
            return value.toString().replace('-', '/');
        }
    }

    @Test
    void anApplicationHasItsOwnConverters() {
        MapAdapter<String> urls = UrlMap.<String>builder()
                .converter("date", _ -> new DateConverter())
                .add(Rule.of("/log/<date:day>/all", "log"))
                .build()
                .bind(FixedBinding.to("example.org"));

        assertThat(urls.match("/log/2026/11/23/all", "GET").arguments())
                .isEqualTo(Map.of("day", LocalDate.of(2026, 11, 23)));
        assertThat(urls.test("/log/2026/13/23/all", "GET")).isFalse();
        assertThat(urls.build("log", Map.of("day", LocalDate.of(2026, 11, 23)))).isEqualTo("/log/2026/11/23/all");
    }

    @Test
    void whatCannotBeBuiltSaysWhatIsMissing() {
        MapAdapter<String> urls =
                bound(Rule.of("/<a>/<b>", "x"), Rule.of("/", "y").withMethods("POST"));

        assertThatThrownBy(() -> urls.build("x", Map.of("a", 1)))
                .isInstanceOf(BuildError.class)
                .hasMessage("could not build URL for endpoint x with values [a]: rule /<a>/<b> needs values for [b]");
        assertThatThrownBy(() -> urls.build("z"))
                .hasMessage("could not build URL for endpoint z: the map has no such endpoint, only [x, y]");
        assertThatThrownBy(() -> urls.url("y").method("PUT").build())
                .hasMessage("could not build URL for endpoint y (PUT): rule / (POST) is for other methods");
    }

    @Test
    void whatIsBuiltIsFoundAgain() {
        MapAdapter<String> urls = bound(rule("/<a>/<path:p>/x<int:n>"), rule("/f/<float:f>"));

        for (String text : new String[] {"a b", "ä/ö", "100%", "a?b#c", "+", "%2F"}) {
            Map<String, Object> values = Map.of("a", text.replace("/", ""), "p", text, "n", 7L);
            String url = urls.build("/<a>/<path:p>/x<int:n>", values);
            String path = URLDecoder.decode(url.replace("+", "%2B"), StandardCharsets.UTF_8);
            assertThat(urls.match(path, "GET").arguments()).isEqualTo(values);
        }
    }

    @Test
    void outcomesCanBeSwitchedOver() {
        MapAdapter<String> urls = bound(rule("/a").withMethods("POST"));

        String said =
                switch (urls.tryMatch("/a", "GET")) {
                    case Outcome.Found<String>(Match<String> match) -> match.endpoint();
                    case Outcome.Redirect<String>(String url) -> url;
                    case Outcome.WrongMethod<String>(Set<String> allowed) -> "only " + allowed;
                    case Outcome.WebsocketMismatch<String> _ -> "websocket";
                    case Outcome.Missing<String> _ -> "missing";
                };

        assertThat(said).isEqualTo("only [POST]");
    }

    @Test
    void anEndpointMayBeAnything() {
        UrlMap<Class<?>> map = UrlMap.of(Rule.of("/", String.class), Rule.of("/n", Integer.class));

        assertThat(map.bind(FixedBinding.to("x")).build(Integer.class)).isEqualTo("/n");
        assertThat(map.rules()).extracting(Rule::pattern).containsExactly("/", "/n");
    }

    @Test
    @Timeout(5)
    void aHostilePathTakesTimeByItsLengthOnly() {
        MapAdapter<String> urls =
                bound(rule("/<a>-<b>-<c>x/y"), rule("/<path:p>/end"), rule("/<path:p>/<path:q>z"), rule("/<bad:b>"));

        assertThat(urls.test("/" + "-".repeat(60_000), "GET")).isFalse();
        assertThat(urls.test("/" + "a/".repeat(30_000) + "b", "GET")).isFalse();
        assertThat(urls.test("/" + "a".repeat(60) + "b", "GET")).isFalse();
        assertThat(urls.match("/" + "a/".repeat(30_000) + "end", "GET").endpoint())
                .isEqualTo("/<path:p>/end");
    }
}
