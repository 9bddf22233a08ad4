package dev.loomgate.toolkit.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A `Range` gives the parts that RFC 9110's grammar and numbers without a largest one give; parts lie within
/// the resource; `Content-Range` is read as it is written.
@Tag("once")
final class RangeFuzzTest implements FuzzTarget {
    private static final long[] LENGTHS = {0, 1, 2, 10, 1000, 1L << 50};
    // What is lax: blanks around numbers.
    private static final Pattern SPEC = Pattern.compile("[ \t]*(?:([0-9]+)[ \t]*-[ \t]*([0-9]*)|-([0-9]+))[ \t]*");

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String header = input.text();
        ContentRange.parse(header).ifPresent(range -> {
            assertThat(ContentRange.parse(range.toString())).contains(range);
            range.part().ifPresent(part -> assertThat(part.begin()).isBetween(0L, part.end() - 1));
        });
        Optional<Range> range = Range.parse(header);
        List<Matcher> specs = specs(header);
        if (specs == null) {
            return false;
        }
        assertThat(range).isPresent();
        assertThat(range.get().specs()).hasSameSizeAs(specs);
        assertThat(Range.parse(range.get().toString())).isEqualTo(range);
        for (long length : LENGTHS) {
            for (int i = 0; i < specs.size(); i++) {
                Optional<Range.Part> part = range.get().specs().get(i).of(length);
                assertThat(part).isEqualTo(expected(specs.get(i), length));
                part.ifPresent(some -> assertThat(some.length()).isBetween(1L, length));
            }
        }
        return true;
    }

    /// The header's specs; null if it isn't well formed.
    private static @Nullable List<Matcher> specs(String header) {
        int equals = header.indexOf('=');
        if (equals < 0) {
            return null;
        }
        List<Matcher> specs = new ArrayList<>();
        for (String spec : header.substring(equals + 1).split(",", -1)) {
            Matcher matcher = SPEC.matcher(spec);
            if (!matcher.matches()) {
                return null;
            }
            if (matcher.group(3) != null) {
                if (number(matcher.group(3)).signum() == 0) {
                    return null; // none: RFC 9110 has nothing for it that could be sent
                }
            } else if (!matcher.group(2).isEmpty()
                    && number(matcher.group(1)).compareTo(number(matcher.group(2))) > 0) {
                return null;
            }
            specs.add(matcher);
        }
        return specs;
    }

    private static BigInteger number(String digits) {
        return new BigInteger(digits);
    }

    private static Optional<Range.Part> expected(Matcher spec, long length) {
        BigInteger all = BigInteger.valueOf(length);
        BigInteger first;
        BigInteger end = all;
        if (spec.group(3) != null) {
            first = all.subtract(number(spec.group(3))).max(BigInteger.ZERO);
        } else {
            first = number(spec.group(1));
            if (!spec.group(2).isEmpty()) {
                end = number(spec.group(2)).add(BigInteger.ONE).min(all);
            }
        }
        return first.compareTo(end) < 0
                ? Optional.of(new Range.Part(first.longValueExact(), end.longValueExact()))
                : Optional.empty();
    }
}
