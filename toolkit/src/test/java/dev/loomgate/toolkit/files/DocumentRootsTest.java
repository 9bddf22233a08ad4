package dev.loomgate.toolkit.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentRootsTest {
    private static final Application OTHER =
            (environ, startResponse) -> new Response("the application").call(environ, startResponse);

    @TempDir
    private Path directory;

    private String get(Application site, String path, Path root) {
        Application named = (environ, startResponse) -> {
            environ.put("DOCUMENT_ROOT", root.toString());
            return site.call(environ, startResponse);
        };
        return Client.of(named).get(path).send().text();
    }

    @Test
    void aRequestNamesTheDirectory() throws Exception {
        Application site = new DocumentRoots(root -> StaticFiles.ofPlace("/", root)).wrap(OTHER);
        for (String host : new String[] {"a", "b"}) {
            Files.writeString(Files.createDirectories(directory.resolve(host)).resolve("page.txt"), "of " + host);
        }
        Path a = directory.resolve("a");

        assertThat(get(site, "/page.txt", a)).isEqualTo("of a");
        assertThat(get(site, "/page.txt", directory.resolve("b"))).isEqualTo("of b");
        assertThat(get(site, "/other.txt", a)).isEqualTo("the application");
        assertThat(get(site, "/%2e%2e/b/page.txt", a)).isEqualTo("the application");
        assertThat(get(site, "/page.txt", directory.resolve("none"))).isEqualTo("the application");
        assertThat(get(site, "/page.txt", Path.of("relative"))).isEqualTo("the application");
        assertThat(Client.of(site).get("/page.txt").send().text()).isEqualTo("the application");
    }
}
