package dev.loomgate.toolkit.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A query has as many pairs as parts between its ampersands, each as the JDK's decoder reads it, where that
/// reads it at all; what is written comes back.
@Tag("once")
final class QueryStringFuzzTest implements FuzzTarget {
    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String query = input.text();
        List<List<String>> pairs = parse(query);
        List<String> parts = Arrays.stream(query.split("&", -1))
                .filter(part -> !part.isEmpty())
                .toList();
        assertThat(pairs).hasSameSizeAs(parts);
        boolean right = false;
        for (int i = 0; i < parts.size(); i++) {
            String[] pair = parts.get(i).split("=", 2);
            String value = pair.length == 1 ? "" : pair[1];
            if (isRight(pair[0]) && isRight(value)) {
                right = true;
                assertThat(pairs.get(i)).containsExactly(decoded(pair[0]), decoded(value));
            }
        }
        checkWritten(input);
        return right;
    }

    private static List<List<String>> parse(String query) {
        List<List<String>> pairs = new ArrayList<>();
        QueryString.parse(query, (name, value) -> pairs.add(List.of(name, value)));
        return pairs;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    // ASCII, and percent signs that begin a byte; of bytes that are UTF-8.
    private static boolean isRight(String part) {
        return part.matches("(?s)([\\x00-\\x7f&&[^%]]|%[0-9A-Fa-f]{2})*")
                && decoded(part).indexOf('\uFFFD') < 0;
    }

    private static void checkWritten(FuzzInput input) {
        List<List<String>> written = new ArrayList<>();
        StringBuilder query = new StringBuilder();
        for (byte[] piece : input.pieces()) {
            String text = new String(piece, StandardCharsets.UTF_8);
            written.add(List.of("name" + text, text));
            QueryString.append("name" + text, text, query);
        }
        assertThat(query.toString()).matches("[!-~]*");
        assertThat(parse(query.toString())).isEqualTo(written);
    }
}
