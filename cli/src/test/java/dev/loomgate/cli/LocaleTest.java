package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names beyond ASCII on the command line, in whatever locale the server is started.
@Timeout(180)
class LocaleTest {
    private static final String DIRECTORY = "$'gro\\303\\237 \\346\\227\\245'";

    @TempDir
    private Path directory;

    /// The launcher's part is in LauncherTest: the JVM's locale is UTF-8, and the caller's is handed on.
    @ParameterizedTest
    @CsvSource({"C", "POSIX", "C.UTF-8", "''"})
    void pathsAndVariablesArriveAsTheyWereTyped(String callers) throws Exception {
        Files.writeString(directory.resolve("app.py"), """
                import os, sys
                import helper

                def application(environ, start_response):
                    start_response("200 OK", [])
                    seen = os.environb[b"V"], os.environb.get(b"W"), os.environ.get("LC_ALL"), os.fsencode(os.getcwd())[-10:]
                    return [repr((*seen, "LOOMGATE_LC_ALL" in os.environ)).encode()]
                """);
        String script = """
                export LOOMGATE_LC_ALL=${LC_ALL:-} LC_ALL=C.UTF-8 W=$'\\377'
                mkdir DIRECTORY DIRECTORY/l DIRECTORY/s && mv app.py DIRECTORY/l && echo 1 > DIRECTORY/l/helper.py && echo file > DIRECTORY/s/a.txt || exit 9
                exec "$@" --http 127.0.0.1:0 -s u.sock --python /usr/bin/python3 --chdir DIRECTORY --wsgi-file DIRECTORY2/l/app.py \\
                    --pythonpath DIRECTORY2/l --static-map /s=DIRECTORY2/s --env V=$'w\\303\\251rt'
                """.replace("DIRECTORY2", "\"$PWD\"/" + DIRECTORY).replace("DIRECTORY", DIRECTORY);
        try (LoomgateProcess loomgate = LoomgateProcess.startByShell(
                        directory, Map.of("LC_ALL", callers, "LANG", "", "LC_CTYPE", ""), script);
                HttpClient http = HttpClient.newHttpClient()) {
            String locale = callers.isEmpty() ? "None" : "'" + callers + "'";
            assertThat(get(http, loomgate, "/"))
                    .isEqualTo("(b'w\\xc3\\xa9rt', b'\\xff', " + locale
                            + ", b'/gro\\xc3\\x9f \\xe6\\x97\\xa5'[-10:], False)".replace("[-10:]", ""));
            assertThat(get(http, loomgate, "/s/a.txt")).isEqualTo("file\n");
        }
    }

    private static String get(HttpClient http, LoomgateProcess loomgate, String target) throws Exception {
        return http.send(HttpRequest.newBuilder(loomgate.uri(target)).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void whatTheJvmCannotReadIsSaidAndNotDamaged() throws Exception {
        assertRefused(
                "C",
                "--chdir " + DIRECTORY,
                "can't be read in the locale's encoding, ANSI_X3.4-1968: start the JVM with LC_ALL=C.UTF-8");
        assertRefused("C.UTF-8", "--chdir $'a\\377b'", "is not UTF-8");
    }

    private void assertRefused(String locale, String argument, String said) throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.launchByShell(
                directory, Map.of("LC_ALL", locale), "exec \"$@\" --http 127.0.0.1:0 -w app " + argument)) {
            assertThat(loomgate.status()).isEqualTo(2);
            assertThat(loomgate.err()).startsWith("loomgate: the argument '").contains(said);
        }
    }
}
