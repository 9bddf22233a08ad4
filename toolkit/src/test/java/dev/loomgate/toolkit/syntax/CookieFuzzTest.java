package dev.loomgate.toolkit.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A header of cookies has no cookie without a name, none with a name that another part of it gives, and every
/// value that is written into one comes back. Where nothing is quoted, it is what a split at semicolons gives.
@Tag("once")
final class CookieFuzzTest implements FuzzTarget {
    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String header = input.text();
        List<String> cookies = parse(header);
        if (header.indexOf('"') < 0) {
            assertThat(cookies).isEqualTo(split(Utf8.ofBytes(header)));
        }
        checkWritten(new String(input.bytes(), StandardCharsets.UTF_8));
        return !cookies.isEmpty();
    }

    private static List<String> parse(String header) {
        List<String> cookies = new ArrayList<>();
        CookieHeader.parse(header, (name, value) -> {
            assertThat(name).isNotEmpty().doesNotContain("=", ";", "\"", " ", "\t");
            cookies.add(name + "=" + value);
        });
        return cookies;
    }

    private static List<String> split(String header) {
        List<String> cookies = new ArrayList<>();
        for (String part : header.split(";", -1)) {
            String[] pair = part.split("=", 2);
            String name = Ascii.trim(pair[0]);
            String value = pair.length == 1 ? "" : Ascii.trim(pair[1]);
            if (!name.isEmpty() && !(name + value).matches("(?s).*[ \t].*")) {
                cookies.add(name + "=" + value);
            }
        }
        return cookies;
    }

    private static void checkWritten(String value) {
        String quoted = CookieHeader.quote(value);
        assertThat(quoted).matches("[!-~ ]*");
        assertThat(quoted.startsWith("\"") ? "" : quoted).doesNotContain(";", ",", " ");
        assertThat(parse("a=b; name=" + quoted + "; c=d")).containsExactly("a=b", "name=" + value, "c=d");
    }
}
