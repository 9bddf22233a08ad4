package dev.loomgate.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.security.oidc.OidcServer;
import dev.loomgate.security.oidc.Visitor;
import dev.loomgate.testkit.PagePrograms;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/security.md says is so: its programs compile and answer, and the tests that its table names are there.
class SecurityPageTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @TempDir
    private Path directory;

    private final List<URLClassLoader> loaders = new ArrayList<>();

    private static PagePrograms programs() throws IOException {
        return PagePrograms.of(Path.of("..", "docs/security.md"));
    }

    @AfterEach
    void close() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    private Application site(PagePrograms programs, String name) throws Exception {
        URLClassLoader loader = programs.compile(name, directory);
        loaders.add(loader);
        Method made = loader.loadClass(name).getDeclaredMethod("site");
        made.setAccessible(true);
        return (Application) made.invoke(null);
    }

    @Test
    void allOfItsProgramsAreRunHere() throws IOException {
        assertThat(programs().names()).containsExactly("Office", "Accounts", "Members");
    }

    @Test
    void theOfficeAsksForAPassword() throws Exception {
        Client client = Client.of(site(programs(), "Office"));

        assertThat(client.get("/").send().text()).isEqualTo("Open to all");
        assertThat(client.get("/office/").send().code()).isEqualTo(401);
        assertThat(client.get("/office/")
                        .header(
                                "Authorization",
                                Authorization.basic("Ann", "tea at five").header())
                        .send()
                        .text())
                .isEqualTo("Hello Ann");
        assertThat(client.get("/office/")
                        .header(
                                "Authorization",
                                Authorization.basic("Eve", "tea at five").header())
                        .send()
                        .code())
                .isEqualTo(401);
    }

    @Test
    void accountsAskForAToken() throws Exception {
        Client client = Client.of(site(programs(), "Accounts"));

        assertThat(client.get("/me").send().header("WWW-Authenticate")).isEqualTo("Bearer realm=\"accounts\"");
        assertThat(client.post("/accounts")
                        .header("Authorization", "Bearer a.b.c")
                        .send()
                        .code())
                .isEqualTo(401);
    }

    @Test
    void membersLogInAtTheirProvider() throws Exception {
        try (OidcServer server = new OidcServer()) {
            Path secret = Files.writeString(directory.resolve("secret"), OidcServer.SECRET + "\n");
            Visitor visitor = new Visitor(site(
                    programs()
                            .with("https://id.example.org", server.issuer())
                            .with("/run/secrets/oidc", secret.toString()),
                    "Members"));

            assertThat(visitor.get("/").text()).contains("Log in");
            assertThat(visitor.login("/me").header("Location")).isEqualTo(Visitor.SITE + "/me");
            assertThat(visitor.get("/me").text()).isEqualTo("Hello 42@example.org");
        }
    }

    @Test
    void theTestsOfTheTableAreThere() throws IOException {
        List<Path> tests;
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            tests = files.filter(file -> file.toString().matches(".*/src/test/java/.*Test\\.java"))
                    .toList();
        }
        List<MatchResult> named = TEST.matcher(programs().page()).results().toList();

        assertThat(named).hasSizeGreaterThan(12).allSatisfy(name -> assertThat(tests.stream()
                        .filter(file -> file.getFileName().toString().equals(name.group(1) + ".java")))
                .as(name.group())
                .anySatisfy(file -> assertThat(file).content().contains("void " + name.group(2) + "(")));
    }
}
