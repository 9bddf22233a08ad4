package dev.loomgate.toolkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.QuotedString;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a client writes into `Forwarded` and `X-Forwarded-For` changes nothing of what the proxies behind it
/// add: whatever stands before that.
@Tag("once")
final class ForwardedFuzzTest implements FuzzTarget {
    private static final Networks PROXIES = Networks.of(List.of("10.0.0.0/8"));

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String made = input.text();
        // One proxy, then two, of which the nearer one is known by its address.
        Forwarded said = Forwarded.client(made + ", for=192.0.2.1;proto=https;host=a", "10.0.0.1", 1, PROXIES)
                .orElseThrow();
        assertThat(said).isEqualTo(new Forwarded(new ForwardedNode("192.0.2.1", ""), "https", "a"));
        assertThat(Forwarded.client(made + ",for=\"[2001:db8::1]:4711\", for=10.0.0.2", "10.0.0.1", 9, PROXIES)
                        .orElseThrow()
                        .node())
                .isEqualTo(new ForwardedNode("2001:db8::1", "4711"));
        assertThat(ForwardedList.client(made + ", 192.0.2.1, 10.0.0.2", "10.0.0.1", 9, PROXIES))
                .isEqualTo(new ForwardedNode("192.0.2.1", ""));
        assertThat(Forwarded.client(made, "192.0.2.9", 9, PROXIES)).isEmpty();
        assertThat(ForwardedList.client(made, "192.0.2.9", 9, PROXIES).address())
                .isEqualTo("192.0.2.9");
        checkList(made);
        Optional<Forwarded> read = Forwarded.client(made, "10.0.0.1", 9, PROXIES);
        ForwardedNode node = ForwardedNode.of(made);
        assertThat(node.port()).matches("[0-9]{0,5}");
        return read.isPresent() && !read.get().node().address().isEmpty();
    }

    private static void checkList(String header) {
        List<String> values = Arrays.stream(header.split(",", -1))
                .map(Ascii::trim)
                .filter(value -> !value.isEmpty())
                .map(QuotedString::unquote)
                .toList();
        for (int place = 1; place <= values.size() + 1; place++) {
            assertThat(ForwardedList.fromEnd(header, place))
                    .isEqualTo(place > values.size() ? "" : values.get(values.size() - place));
        }
    }
}
