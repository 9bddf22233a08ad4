package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.application.ApplicationLoader;
import dev.loomgate.gateway.Application;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README and the pages that it leads to say is so: their programs run.
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("`(\\w+)\\.java`:\n\n```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PYTHON = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private static Path directory;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void restoreContextClassLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("..", name));
    }

    private static Application application(String page, String name) throws Exception {
        String source = JAVA.matcher(page(page))
                .results()
                .filter(block -> block.group(1).equals(name))
                .map(block -> block.group(2))
                .collect(Collectors.joining());
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        return new ApplicationLoader(List.of(), "--app").load(file.toString()).application();
    }

    @Test
    void applicationInTenLinesRuns() throws Exception {
        Client client = Client.of(application("README.md", "Hello"));

        assertThat(client.get("/hello/Bob").send().text()).isEqualTo("Hello Bob\n");
        assertThat(client.get("/square/12").send().text()).isEqualTo("{\"square\":144}");
        assertThat(client.get("/square/twelve").send().code()).isEqualTo(404);
    }

    @Test
    void applicationThatIsAProgramRuns() throws Exception {
        Client client = Client.of(application("docs/java.md", "Board"));

        assertThat(client.post("/notes").json(Map.of("text", "tea")).send().code())
                .isEqualTo(201);
        assertThat(client.get("/notes").send().text()).isEqualTo("[{\"text\":\"tea\"}]");
        assertThat(client.get("/").send().text()).isEqualTo("1 notes");
    }

    @Test
    void applicationOnTheGatewayRuns() throws Exception {
        Client client = Client.of(application("docs/java.md", "Greeting"));

        assertThat(client.get("/there").send().text()).isEqualTo("Hello from /there\n");
    }

    @Test
    void pythonSiteRuns() throws Exception {
        Matcher site = PYTHON.matcher(page("README.md"));
        assertThat(site.find()).isTrue();
        Path file = Files.writeString(directory.resolve("app.py"), site.group(1));
        PythonOptions options = PythonOptions.file(file)
                .callable("app")
                .interpreter("/usr/bin/python3")
                .build();

        try (Client client = Client.started(PythonApplication.of(options))) {
            assertThat(client.get("/").send().text()).isEqualTo("Hello from Flask\n");
        }
    }

    @Test
    void applicationWithTheToolkitRuns() throws Exception {
        Client client = Client.of(application("docs/java.md", "Shop"));

        assertThat(client.get("/").send().text()).isEqualTo("Welcome");
        assertThat(client.get("/item/7").send().text()).isEqualTo("{\"id\":7,\"name\":\"item 7\"}");
        assertThat(client.put("/item/7").body(new byte[5], "text/plain").send().text())
                .isEqualTo("stored 5 bytes for 7");
    }

    @Test
    void applicationThatOffloadsRuns() throws Exception {
        Client client = Client.of(application("docs/java.md", "MachineName"));

        assertThat(client.get("/").send().text()).isEqualTo(Files.readString(Path.of("/etc/hostname")));
    }
}
