package dev.loomgate.toolkit.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `If-Match`, `If-None-Match` and `If-Range` of any bytes: a list that is right by RFC 9110's grammar has its
/// tags and no others, and a condition that can't be read is never one that holds.
@Tag("once")
final class ETagsFuzzTest implements FuzzTarget {
    private static final String TAG = "(W/)?\"([!#-~\\x80-\\xff]*)\"";
    private static final Pattern LIST = Pattern.compile("[ \t]*" + TAG + "[ \t]*(,[ \t]*" + TAG + "[ \t]*)*");

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String header = input.text();
        ETags tags = ETags.parse(header);
        assertThat(tags.isCondition()).isTrue();
        assertThat(tags.star()).isEqualTo(header.equals("*"));
        assertThat(tags.isEmpty() && !tags.unreadable()).isFalse();
        tags.strong().stream().filter(tag -> tag.matches("[!#-~]*")).forEach(tag -> assertThat(
                        tags.matchesStrongly(ETag.strong(tag)))
                .isTrue());
        assertThat(tags.matchesStrongly(ETag.weak("a")) && !tags.star()).isFalse();
        assertThat(tags.matchesStrongly(null) || tags.matchesWeakly(null)).isFalse();
        IfRange range = IfRange.parse(header);
        assertThat(range.etag().isPresent() && range.date().isPresent()).isFalse();
        range.etag().ifPresent(tag -> assertThat(IfRange.parse(tag.toString()).etag())
                .contains(tag));
        if (!LIST.matcher(header).matches()) {
            return false;
        }
        Set<String> strong = new LinkedHashSet<>();
        Set<String> weak = new LinkedHashSet<>();
        Matcher matcher = Pattern.compile(TAG).matcher(header);
        while (matcher.find()) {
            (matcher.group(1) == null ? strong : weak).add(matcher.group(2));
        }
        assertThat(tags).isEqualTo(new ETags(strong, weak, false));
        return true;
    }
}
