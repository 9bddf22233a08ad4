package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `--app FILE.java` in a process of its own.
@Timeout(120)
class AppFileTest {
    @TempDir
    private static Path directory;

    @Test
    void singleFileWithHooksIsCompiledAndServed() throws Exception {
        Files.writeString(directory.resolve("Hello.java"), """
                import dev.loomgate.gateway.*;

                public class Hello implements Application, Lifecycle {
                    private String greeting = "not started";

                    @Override public void start() { greeting = "hello"; }

                    @Override public void stop() { System.err.println("stop hook"); }

                    @Override public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                        return Body.text(greeting + " " + environ.path());
                    }
                }
                """);

        try (LoomgateProcess loomgate =
                LoomgateProcess.start(directory, "--http", "127.0.0.1:0", "--loops", "1", "--app", "Hello.java")) {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(loomgate.uri("/there")).build(), BodyHandlers.ofString());

            assertThat(response.body()).isEqualTo("hello /there");
            assertThat(loomgate.signal("TERM").status()).isZero();
            assertThat(loomgate.err()).contains("stop hook\n");
        }
    }

    @Test
    void compileErrorsAreShownWithFileAndLine() throws Exception {
        Files.writeString(directory.resolve("Wrong.java"), "public class Wrong {\n    int x = \"one\";\n}\n");

        LoomgateProcess loomgate = LoomgateProcess.launch(directory, "--http", "127.0.0.1:0", "--app", "Wrong.java");

        assertThat(loomgate.status()).isEqualTo(1);
        assertThat(loomgate.err()).isEqualTo("""
                loomgate: --app Wrong.java does not compile:
                Wrong.java:2: error: incompatible types: String cannot be converted to int
                    int x = "one";
                            ^
                1 error
                """);
        assertThat(loomgate.out()).isEmpty();
    }

    @Test
    void failingStartHookStopsTheServerWithItsStack() throws Exception {
        Files.writeString(directory.resolve("Unwilling.java"), """
                import dev.loomgate.gateway.*;

                public class Unwilling implements Application, Lifecycle {
                    @Override public void start() throws Exception { throw new java.io.IOException("no database"); }

                    @Override public Body call(Environ environ, StartResponse startResponse) { return Body.empty(); }
                }
                """);

        LoomgateProcess loomgate =
                LoomgateProcess.launch(directory, "--http", "127.0.0.1:0", "--app", "Unwilling.java");

        assertThat(loomgate.status()).isEqualTo(1);
        assertThat(loomgate.err())
                .contains(" ERROR the application can't start: java.io.IOException: no database\n")
                .contains("Unwilling.start(Unwilling.java:4)");
    }
}
