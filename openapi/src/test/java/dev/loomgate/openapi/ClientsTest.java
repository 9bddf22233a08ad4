package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that others' generators make of the guest book's document, and programs that use them.
///
/// A program is in `src/test/clients`; what it says must be the same in both languages.
@Tag("once")
@Timeout(180)
class ClientsTest {
    private static final Path PROGRAMS = Path.of("src", "test", "clients");
    private static final Path TARGET = Path.of("target");

    private static final String SAID = """
            visitor: nobody
            401 Unauthorized: The server could not verify that you are authorized to access the URL \
            requested. You either supplied the wrong credentials (e.g. a bad password), or your browser \
            doesn't understand how to supply the credentials required.
            403 Forbidden: That is not the password.
            422 Unprocessable Content: The request has no value at /password. [/password]
            visitor: Ada
            written: 1 without a picture
            written: 2 /picture/2
            found: one of 2
            found: 5 < 6 & ü, one
            400 Bad Request: A limit is from 1 to 100. []
            picture: 200000 bytes
            404 Not Found: The requested URL was not found on the server. If you entered the URL manually \
            please check your spelling and try again.
            """;

    @TempDir
    private Path directory;

    private LocalServer server;

    @BeforeEach
    void start() throws Exception {
        server =
                LocalServer.serve(DescribedGuestBook.application(Files.createDirectory(directory.resolve("pictures"))));
        Files.write(directory.resolve("me.png"), new byte[200_000]);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void copy(List<String> programs) throws IOException {
        for (String program : programs) {
            Files.copy(PROGRAMS.resolve(program), directory.resolve(program));
        }
    }

    private String run(String heading) throws Exception {
        return new GuideCommands(server.address().getPort(), directory).run(heading);
    }

    @Test
    void aJavaClientIsMadeAndUsed() throws Exception {
        copy(List.of("GuestBookClient.java"));
        Files.createSymbolicLink(
                directory.resolve("openapi-generator-cli.jar"),
                TARGET.resolve("clients/openapi-generator-cli.jar").toAbsolutePath());
        Path libraries = Files.createDirectory(directory.resolve("libraries"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.endsWith(".jar")) {
                Path jar = Path.of(entry).toAbsolutePath();
                Files.createSymbolicLink(libraries.resolve(jar.getFileName()), jar);
            }
        }

        assertThat(run("Java")).endsWith(SAID);
    }

    @Test
    void aTypeScriptClientIsMadeAndUsed() throws Exception {
        Path modules = TARGET.resolve("clients/node_modules").toAbsolutePath();
        assertThat(modules).as("what ./verify installs by npm").isDirectory();
        copy(List.of("package.json", "tsconfig.json", "generate.mjs", "guest-book.ts"));
        Files.createSymbolicLink(directory.resolve("node_modules"), modules);

        assertThat(run("TypeScript")).endsWith(SAID);
    }
}
