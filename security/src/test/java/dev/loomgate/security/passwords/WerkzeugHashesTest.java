package dev.loomgate.security.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Beside the real Werkzeug: Debian's, which has PBKDF2, and a current one, which has scrypt, where there is one.
@Timeout(60)
class WerkzeugHashesTest {
    private static final String PASSWORD = "Käse & Brot";

    private static final String MAKE = """
            import sys, werkzeug.security as security
            print(security.generate_password_hash(sys.argv[1], *sys.argv[2:]))
            """;
    private static final String CHECK = """
            import sys, werkzeug.security as security
            print(security.check_password_hash(sys.argv[2], sys.argv[1]))
            """;
    // What Werkzeug 2.3 and later do for "scrypt", by CPython alone.
    private static final String SCRYPT = """
            import hashlib, sys
            password, salt, n, r, p = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
            key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=132 * n * r * p)
            print(f"scrypt:{n}:{r}:{p}${salt}${key.hex()}")
            """;
    private static final String PASSLIB = """
            import base64, hashlib, sys
            encoded = lambda some: base64.b64encode(some).decode().rstrip("=")
            key = hashlib.scrypt(sys.argv[1].encode(), salt=b"0123456789abcdef", n=1024, r=8, p=2, dklen=32)
            print(f"$scrypt$ln=10,r=8,p=2${encoded(b'0123456789abcdef')}${encoded(key)}")
            """;

    private static String python(String interpreter, String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(interpreter, "-X", "utf8", "-c", program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.strip();
    }

    static Stream<String> interpreters() {
        return Stream.concat(Stream.of(Python.DEBIAN), Python.current().map(Object::toString).stream());
    }

    @ParameterizedTest
    @MethodSource("interpreters")
    void whatWerkzeugMakesIsReadHere(String interpreter) throws Exception {
        Passwords passwords = Passwords.scrypt();
        for (String hash : List.of(
                python(interpreter, MAKE, PASSWORD),
                python(interpreter, MAKE, PASSWORD, "pbkdf2:sha256:1000"),
                python(interpreter, MAKE, PASSWORD, "pbkdf2:sha512:1000"))) {
            assertThat(passwords.matches(PASSWORD, hash)).as(hash).isTrue();
            assertThat(passwords.matches(PASSWORD + " ", hash)).as(hash).isFalse();
            assertThat(passwords.needsRehash(hash)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("interpreters")
    void whatIsMadeHereIsReadByWerkzeug(String interpreter) throws Exception {
        String hash = Passwords.pbkdf2(1000).hash(PASSWORD);

        assertThat(python(interpreter, CHECK, PASSWORD, hash)).isEqualTo("True");
        assertThat(python(interpreter, CHECK, PASSWORD + " ", hash)).isEqualTo("False");
    }

    /// By a current Werkzeug, or else by the call that it makes.
    @Test
    void scryptIsTheSameOnBothSides() throws Exception {
        Passwords as = Passwords.scrypt(32768, 8, 1);
        String theirs = python(Python.DEBIAN, SCRYPT, PASSWORD, "saltSALT12345678", "32768", "8", "1");
        String ours = as.hash(PASSWORD);

        assertThat(as.matches(PASSWORD, theirs)).isTrue();
        assertThat(as.needsRehash(theirs)).isFalse();
        assertThat(python(Python.DEBIAN, SCRYPT, PASSWORD, ours.split("\\$", -1)[1], "32768", "8", "1"))
                .isEqualTo(ours);
        if (Python.current().isPresent()) {
            String current = Python.current().get().toString();
            assertThat(python(current, CHECK, PASSWORD, ours)).isEqualTo("True");
            assertThat(python(current, CHECK, PASSWORD, Passwords.scrypt().hash(PASSWORD)))
                    .isEqualTo("True");
        }
    }

    @Test
    void whatPasslibMakesIsReadHere() throws Exception {
        String hash = python(Python.DEBIAN, PASSLIB, PASSWORD);

        assertThat(Passwords.scrypt().matches(PASSWORD, hash)).isTrue();
        assertThat(Passwords.scrypt().matches("other", hash)).isFalse();
    }
}
