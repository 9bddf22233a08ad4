package dev.loomgate.security.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Offload;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PasswordsTest {
    // Cheap: what is tested is the same.
    private static final Passwords QUICK = Passwords.scrypt(1024, 8, 1);

    @Test
    void aHashIsThatOfItsPasswordAlone() throws Exception {
        String hash = QUICK.hash("correct horse");

        assertThat(hash).matches("scrypt:1024:8:1\\$[A-Za-z0-9]{16}\\$[0-9a-f]{128}");
        assertThat(QUICK.matches("correct horse", hash)).isTrue();
        assertThat(QUICK.matches("correct horsE", hash)).isFalse();
        assertThat(QUICK.matches("", hash)).isFalse();
        assertThat(QUICK.hash("correct horse")).isNotEqualTo(hash);
    }

    @Test
    void aPasswordMayBeEmptyLongOrOfAnyCharacters() throws Exception {
        for (String password : List.of("", "ä\0€\uD83D\uDE00", "x".repeat(10_000))) {
            assertThat(QUICK.matches(password, QUICK.hash(password))).isTrue();
            assertThat(QUICK.matches(password + "!", QUICK.hash(password))).isFalse();
            assertThat(Passwords.pbkdf2(10)
                            .matches(password, Passwords.pbkdf2(10).hash(password)))
                    .isTrue();
        }
    }

    @Test
    void theDefaultIsWhatIsRecommended() throws Exception {
        Passwords passwords = Passwords.scrypt();
        String hash = passwords.hash("secret");

        assertThat(hash).startsWith("scrypt:32768:8:3$");
        assertThat(passwords.matches("secret", hash)).isTrue();
        assertThat(passwords.needsRehash(hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "!",
                "secret",
                "scrypt:1024:8:1$salt",
                "scrypt:1024:8:1$salt$",
                "scrypt:1024:8:1$salt$00",
                "scrypt:1024:8:1$$00112233445566778899aabbccddeeff",
                "scrypt:1000:8:1$salt$00112233445566778899aabbccddeeff",
                "scrypt:0:8:1$salt$00112233445566778899aabbccddeeff",
                "scrypt:1024:0:1$salt$00112233445566778899aabbccddeeff",
                "scrypt:1024:8$salt$00112233445566778899aabbccddeeff",
                "scrypt:99999999999:8:1$salt$00112233445566778899aabbccddeeff",
                "pbkdf2:md5:1000$salt$00112233445566778899aabbccddeeff",
                "pbkdf2:sha256:0$salt$00112233445566778899aabbccddeeff",
                "pbkdf2:sha256:1:1$salt$00112233445566778899aabbccddeeff",
                "$scrypt$ln=31,r=8,p=1$c2FsdA$ABEiM0RVZneImaq7zN3u/w",
                "$scrypt$ln=4,r=8,p=1$c$ABEiM0RVZneImaq7zN3u/w"
            })
    void whatIsNoHashIsNobodysPassword(String text) throws Exception {
        assertThat(QUICK.matches("secret", text)).isFalse();
        assertThat(QUICK.matches(text, text)).isFalse();
        assertThat(QUICK.needsRehash(text)).isTrue();
    }

    @Test
    void aNameThatNobodyHasIsNobodysPassword() throws Exception {
        assertThat(QUICK.matches("secret", null)).isFalse();
    }

    /// Each would take memory or time without end.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scrypt:16777216:8:1$salt$00112233445566778899aabbccddeeff | memoryBytes | 17179869184",
                "scrypt:1073741824:1000000:1$salt$00112233445566778899aabbccddeeff | memoryBytes | 137438953472000000",
                "scrypt:2:8:100000000$salt$00112233445566778899aabbccddeeff | blocks | 1600000000",
                "$scrypt$ln=30,r=8,p=1$c2FsdA$ABEiM0RVZneImaq7zN3u/w | memoryBytes | 1099511627776",
                "pbkdf2:sha256:2000000000$salt$00112233445566778899aabbccddeeff | iterations | 2000000000"
            })
    void aHostileHashIsNotComputed(String hash, String limit, String value) {
        assertThatThrownBy(() -> QUICK.matches("secret", hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PasswordLimits." + limit)
                .hasMessageContaining(value)
                .hasMessageNotContaining("salt$");
    }

    @Test
    void limitsMayBeOthers() throws Exception {
        Passwords strict = QUICK.withLimits(new PasswordLimits(1 << 16, 1 << 9, 100));
        String own = strict.hash("secret");

        assertThat(strict.matches("secret", own)).isTrue();
        assertThat(strict.matches("secret", Passwords.pbkdf2(100).hash("secret")))
                .isTrue();
        assertThatThrownBy(() -> strict.matches("secret", Passwords.pbkdf2(101).hash("secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("101")
                .hasMessageContaining("100");
        assertThatThrownBy(() ->
                        strict.matches("secret", Passwords.scrypt(1024, 16, 1).hash("secret")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PasswordLimits(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsMadeOtherwiseNeedsANewHash() throws Exception {
        assertThat(QUICK.needsRehash(QUICK.hash("secret"))).isFalse();
        assertThat(QUICK.needsRehash(Passwords.scrypt(1024, 8, 2).hash("secret")))
                .isTrue();
        assertThat(QUICK.needsRehash(Passwords.pbkdf2(1000).hash("secret"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1000, 8, 1", "1, 8, 1", "1024, 0, 1", "1024, 8, 0", "65536, 1, 1", "-1024, 8, 1"})
    void aCostThatIsImpossibleStopsTheStart(int n, int r, int p) {
        assertThatThrownBy(() -> Passwords.scrypt(n, r, p))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("N = " + n);
    }

    @Test
    void hashesAreComputedWhereBlockingWorkIs() throws Exception {
        List<String> threads = new ArrayList<>();
        Environ environ = new Environ();
        environ.put("loomgate.offload", new Offload() {
            @Override
            public <T> T call(Callable<T> work) throws Exception {
                threads.add("blocking");
                return work.call();
            }
        });

        String hash = QUICK.hash(environ, "secret");

        assertThat(QUICK.matches(environ, "secret", hash)).isTrue();
        assertThat(threads).hasSize(2);
    }

    @Test
    void whereTooMuchWaitsTheAnswerIsToTryAgain() {
        Environ environ = new Environ();
        environ.put("loomgate.offload", new Offload() {
            @Override
            public <T> T call(Callable<T> work) {
                throw new RejectedExecutionException();
            }
        });

        assertThatThrownBy(() -> QUICK.matches(environ, "secret", null)).isInstanceOf(ServiceUnavailable.class);
    }

    /// With one place, hashes are computed one after the other: an interrupt ends the wait for it.
    @Test
    void whoWaitsForAPlaceCanBeInterrupted() throws Exception {
        Passwords one = Passwords.scrypt(1 << 15, 8, 1).withThreads(1);
        Thread waiting = Thread.ofPlatform().unstarted(() -> {
            try {
                while (true) {
                    Objects.requireNonNull(one.hash("secret"));
                }
            } catch (InterruptedException e) {
                // What is expected.
            }
        });

        waiting.start();
        waiting.interrupt();

        assertThat(waiting.join(java.time.Duration.ofSeconds(30))).isTrue();
        assertThat(one.matches("secret", one.hash("secret"))).isTrue();
    }

    @Test
    void nothingSecretIsInATextForLogs() throws Exception {
        String hash = QUICK.hash("secret");

        assertThat(StoredHash.parse(hash).orElseThrow()).hasToString("StoredHash by scrypt:1024:8:1");
        assertThat(QUICK).hasToString("Passwords by scrypt:1024:8:1");
    }
}
