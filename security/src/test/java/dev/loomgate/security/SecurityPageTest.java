package dev.loomgate.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/security.md says is so: its programs compile and answer, and the tests that its table names are there.
class SecurityPageTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @TempDir
    private Path directory;

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs/security.md"));
    }

    private Application site(String name) throws Exception {
        String program = PROGRAM.matcher(page())
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(text -> CLASS.matcher(text).results().anyMatch(found -> found.group(1)
                        .equals(name)))
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(directory.resolve(name + ".java"), program);
        StringWriter messages = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of(
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    directory.toString(),
                                    "-proc:none"),
                            null,
                            files.getJavaFileObjects(file))
                    .call();
            assertThat(done).as(messages.toString()).isTrue();
        }
        URLClassLoader loader = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
        Method made = loader.loadClass(name).getDeclaredMethod("site");
        made.setAccessible(true);
        return (Application) made.invoke(null);
    }

    @Test
    void theOfficeAsksForAPassword() throws Exception {
        Client client = Client.of(site("Office"));

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
        Client client = Client.of(site("Accounts"));

        assertThat(client.get("/me").send().header("WWW-Authenticate")).isEqualTo("Bearer realm=\"accounts\"");
        assertThat(client.post("/accounts")
                        .header("Authorization", "Bearer a.b.c")
                        .send()
                        .code())
                .isEqualTo(401);
    }

    @Test
    void theTestsOfTheTableAreThere() throws IOException {
        List<Path> tests;
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            tests = files.filter(file -> file.toString().matches(".*/src/test/java/.*Test\\.java"))
                    .toList();
        }
        List<MatchResult> named = TEST.matcher(page()).results().toList();

        assertThat(named).hasSizeGreaterThan(12).allSatisfy(name -> assertThat(tests.stream()
                        .filter(file -> file.getFileName().toString().equals(name.group(1) + ".java")))
                .as(name.group())
                .anySatisfy(file -> assertThat(file).content().contains("void " + name.group(2) + "(")));
    }
}
