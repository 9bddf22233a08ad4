package dev.loomgate.toolkit.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a client takes, of any bytes: qualities are in 0 to 1, the best match is one of those that are offered and is
/// taken, and what is read is read again as it is written.
@Tag("once")
final class AcceptFuzzTest implements FuzzTarget {
    private static final List<String> TYPES = List.of("text/html", "application/json", "text/plain;charset=utf-8");
    private static final List<String> LANGUAGES = List.of("de", "en-US", "zh-Hans-CN");
    private static final List<String> WORDS = List.of("gzip", "br", "utf-8", "iso-8859-1");

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String header = input.text();
        boolean matches = check(Accept::parse, header, WORDS);
        matches |= check(CharsetAccept::parse, header, WORDS);
        matches |= check(LanguageAccept::parse, header, LANGUAGES);
        matches |= check(MimeAccept::parse, header, TYPES);
        return matches;
    }

    private static boolean check(Function<String, ? extends Accept> parser, String header, List<String> offered) {
        Accept accept = parser.apply(header);
        assertThat(accept.items()).allMatch(item -> item.quality() >= 0 && item.quality() <= 1);
        assertThat(accept.isEmpty()).isEqualTo(accept.items().isEmpty());
        for (String value : offered) {
            assertThat(accept.quality(value)).isBetween(0.0, 1.0);
            assertThat(accept.quality(value) > 0 && !accept.contains(value)).isFalse();
        }
        accept.bestMatch(offered).ifPresent(best -> assertThat(offered).contains(best));
        return accept.bestMatch(offered).isPresent();
    }
}
