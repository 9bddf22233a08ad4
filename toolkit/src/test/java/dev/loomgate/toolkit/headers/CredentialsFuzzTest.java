package dev.loomgate.toolkit.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `Authorization`, `WWW-Authenticate` and `Cache-Control` of any bytes are read without harm; a name and a
/// password come back as they were written, and no secret stands in what a log would show.
@Tag("once")
final class CredentialsFuzzTest implements FuzzTarget {
    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String header = input.text();
        Optional<Authorization> login = Authorization.parse(header);
        login.ifPresent(some -> {
            assertThat(some.toString()).hasSizeLessThanOrEqualTo(some.scheme().length() + 4);
            if (some.scheme().equals("basic")) {
                assertThat(some.parameter("username")).doesNotContain(":");
                assertThat(Authorization.parse(some.header())).contains(some);
            }
        });
        WwwAuthenticate.parse(header)
                .ifPresent(challenge -> assertThat(challenge.toString()).isNotNull());
        CacheControl control = CacheControl.parse(header);
        control.maxAge().ifPresent(age -> assertThat(age.isNegative()).isFalse());
        control.maxStale();
        assertThat(control.toString()).isNotNull();
        checkWritten(new String(input.bytes(), StandardCharsets.UTF_8));
        return login.isPresent();
    }

    private static void checkWritten(String text) {
        int colon = Math.max(0, text.indexOf(':'));
        Authorization login = Authorization.basic(text.substring(0, colon), text.substring(colon));
        assertThat(Authorization.parse(login.header())).contains(login);
    }
}
