package dev.loomgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// WAR files on a real server.
@Timeout(60)
class WarTest {
    @TempDir
    Path folder;

    @Test
    void aWarStartsAndStopsTenTimesAndLeavesNothing() throws Exception {
        String name = "tea-" + ProcessHandle.current().pid();
        Path war = war(name + ".war", "");
        // What the JDK, the server and the client keep for good is there after the first time.
        startAndStop(war);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 10; i++) {
            startAndStop(war);
        }
        Eventually.await(
                () -> "no thread more: " + added(before), () -> added(before).isEmpty());
        assertThat(temporary(name)).isEmpty();
    }

    private static void startAndStop(Path war) throws Exception {
        try (LocalServer server = LocalServer.serve(ServletApplication.ofWar(war, "/tea"));
                HttpClient client = HttpClient.newHttpClient()) {
            URI found = URI.create("http://127.0.0.1:" + server.address().getPort() + "/tea/found");
            assertThat(client.send(HttpRequest.newBuilder(found).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("/tea/found");
        }
    }

    // The JDK's own pools start and end threads as they like.
    private static List<String> added(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread-unparker"))
                .toList();
    }

    @Test
    void aDirectoryIsServedAsAWarIs() throws Exception {
        Path exploded = Files.createDirectory(folder.resolve("exploded"));
        Files.writeString(exploded.resolve("index.html"), "<p>tea");
        try (LocalServer server = LocalServer.serve(ServletApplication.ofWar(exploded, ""));
                HttpClient client = HttpClient.newHttpClient()) {
            URI home = URI.create("http://127.0.0.1:" + server.address().getPort() + "/");
            assertThat(client.send(HttpRequest.newBuilder(home).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("<p>tea");
        }
    }

    @Test
    void aWarThatCannotStartStopsTheStart() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Path war = war("broken.war", """
                <listener><listener-class>com.example.Missing</listener-class></listener>""");
        assertThatThrownBy(() -> LocalServer.serve(ServletApplication.ofWar(war, "")))
                .hasStackTraceContaining("broken.war can't start: ")
                .hasStackTraceContaining("com.example.Missing");
        Eventually.await(() -> "no thread of Jetty: " + added(before), () -> added(before).stream()
                .noneMatch(thread -> thread.contains("Scheduler") || thread.startsWith("HouseKeeper")));
    }

    @Test
    void whatIsNoWarIsRefusedAtOnce() {
        assertThatThrownBy(() -> ServletApplication.ofWar(Path.of("missing.war"), ""))
                .hasMessage("no WAR file and no directory: missing.war");
        assertThatThrownBy(() -> ServletApplication.ofWar(folder, "tea/"))
                .hasMessage("context path is not empty and not like /shop: tea/");
    }

    private Path war(String name, String descriptor) throws IOException {
        Path war = folder.resolve(name);
        String type = WarServlet.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(war));
                InputStream servlet = WarServlet.class.getClassLoader().getResourceAsStream(type)) {
            out.putNextEntry(new JarEntry("WEB-INF/web.xml"));
            String xml = "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.1\">" + descriptor
                    + "</web-app>";
            out.write(xml.getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new JarEntry("WEB-INF/classes/" + type));
            servlet.transferTo(out);
        }
        return war;
    }

    private static List<Path> temporary(String name) throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().contains(name))
                    .toList();
        }
    }
}
