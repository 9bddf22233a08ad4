package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Java applications whose files change while they are served, in a process of their own.
@Tag("timing")
@Timeout(300)
class JavaReloadTest {
    private static final int RELOADS = Integer.getInteger("loomgate.test.reloads", 10);
    private static final int REQUESTS = Integer.getInteger("loomgate.test.reloads", 10) * 100;
    private static final List<String> COMMON = List.of("--http", "127.0.0.1:0", "--loops", "2");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Test
    void aChangedSourceFileAnswersAndACompileErrorIsAPageUntilItIsMended() throws Exception {
        save("Hello.java", hello("one"));

        try (LoomgateProcess loomgate = start("--autoreload", "0.1", "--development", "--app", "Hello.java")) {
            assertThat(get(loomgate, "/").body()).isEqualTo("<p>one</p>");
            save("Hello.java", hello("two"));
            Eventually.await(
                    "the second version", () -> get(loomgate, "/").body().equals("<p>two</p>"));

            save("Hello.java", hello("three").replace("int count", "int count = \"<none>\""));
            Eventually.await("the error", () -> get(loomgate, "/").statusCode() == 500);
            HttpResponse<String> text = get(loomgate, "/");
            HttpResponse<String> page = get(loomgate, "/", "Accept", "text/html");

            assertThat(text.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
            assertThat(text.body())
                    .startsWith("--app Hello.java does not compile:\nHello.java:4: error: incompatible types");
            assertThat(page.statusCode()).isEqualTo(500);
            assertThat(page.body())
                    .contains("<h3>incompatible types: String cannot be converted to int</h3>")
                    .contains("<b><i>    4  </i>    int count = &#34;&lt;none&gt;&#34;;</b>")
                    .contains("new EventSource(\"/.loomgate/reload\")")
                    .doesNotContain("<none>");

            save("Hello.java", hello("four"));
            Eventually.await(
                    "the fourth version", () -> get(loomgate, "/").body().equals("<p>four</p>"));
            assertThat(get(loomgate, "/", "Accept", "text/html").body())
                    .startsWith("<p>four</p>")
                    .contains("EventSource");
            assertThat(loomgate.err())
                    .contains("Hello.java has changed (--autoreload): --app Hello.java is replaced by its next version")
                    .contains("the version before goes on: --app Hello.java does not compile:\nHello.java:4: error:");
            assertThat(loomgate.signal("TERM").status()).isZero();
        }
    }

    @Test
    void aVersionThatCannotStartLeavesTheOneBeforeAndStrangersSeeNothing() throws Exception {
        Path classes = compile("one");

        try (LoomgateProcess loomgate =
                start("--autoreload", "0.1", "--classpath", classes.toString(), "--app", "shop.Shop")) {
            assertThat(get(loomgate, "/").body()).isEqualTo("one, started");
            compile("fail");
            Eventually.await("the failure", () -> loomgate.err().contains("IllegalStateException: no database"));

            assertThat(get(loomgate, "/", "Accept", "text/html").body()).isEqualTo("one, started");
            assertThat(loomgate.err())
                    .contains("the version before goes on: --app shop.Shop can't start:")
                    .doesNotContain("one stops");
            compile("three");
            Eventually.await(
                    "the third version", () -> get(loomgate, "/").body().equals("three, started"));
            Eventually.await("the stop hooks", () -> loomgate.err().split("one stops", -1).length == 3);
            assertThat(get(loomgate, "/.loomgate/reload").body()).isEqualTo("three, started");
        }
    }

    @Test
    void aFailedRequestShowsTheLinesOfASingleSourceFile() throws Exception {
        save("Boom.java", """
                import dev.loomgate.gateway.*;

                class Boom implements Application {
                    public Body call(Environ environ, StartResponse startResponse) {
                        return inner();
                    }

                    Body inner() {
                        throw new IllegalStateException("boom");
                    }
                }
                """);

        try (LoomgateProcess loomgate = start("--development", "--app", "Boom.java")) {
            String page = get(loomgate, "/", "Accept", "text/html").body();

            assertThat(page)
                    .contains("<code>Boom.inner(Boom.java:9)</code>")
                    .contains("<b><i>    9  </i>        throw new IllegalStateException(&#34;boom&#34;);</b>")
                    .contains("<textarea readonly")
                    .contains("GET /\n\njava.lang.IllegalStateException: boom\n\tat Boom.inner(Boom.java:9)\n")
                    .doesNotContain("application-source")
                    .doesNotContain("<script");
            assertThat(page.lines().filter(line -> line.startsWith("<li><code>")))
                    .isEmpty();
        }
    }

    @Test
    void eventStreamsOfTheVersionBeforeEndAndNoRequestIsLost() throws Exception {
        save("Hello.java", hello("0"));
        List<String> wrong = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean ends = new AtomicBoolean();

        try (LoomgateProcess loomgate = start("--autoreload", "3600", "--app", "Hello.java");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> events =
                    clients.submit(() -> get(loomgate, "/events").body());
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(clients.submit(() -> {
                    while (!ends.get() || answered.get() < REQUESTS) {
                        HttpResponse<String> response = get(loomgate, "/slow");
                        if (response.statusCode() != 200 || !response.body().matches("<p>[0-9]+</p>")) {
                            synchronized (wrong) {
                                wrong.add(response.statusCode() + " " + response.body());
                            }
                        }
                        answered.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (int i = 1; i <= RELOADS; i++) {
                String version = "<p>" + i + "</p>";
                save("Hello.java", hello(Integer.toString(i)));
                loomgate.signal("HUP");
                Eventually.await(version, () -> get(loomgate, "/").body().equals(version));
            }
            ends.set(true);
            for (Future<?> each : all) {
                each.get();
            }

            assertThat(wrong).isEmpty();
            assertThat(answered.get()).isGreaterThanOrEqualTo(REQUESTS);
            assertThat(events.get()).contains("data: hello");
        }
    }

    @Test
    void reloadsLeaveNoClassLoaderBehind() throws Exception {
        save("Hello.java", hello("0"));

        try (LoomgateProcess loomgate = start("--autoreload", "3600", "--app", "Hello.java")) {
            long before = 0;
            for (int i = 1; i <= RELOADS; i++) {
                String version = "<p>" + i + "</p>";
                save("Hello.java", hello(Integer.toString(i)));
                loomgate.signal("HUP");
                Eventually.await(version, () -> get(loomgate, "/").body().equals(version));
                assertThat(get(loomgate, "/json").body()).isEqualTo("{\"version\":\"" + i + "\"}");
                if (i == RELOADS / 2) {
                    before = Long.parseLong(get(loomgate, "/metaspace").body());
                }
            }
            Eventually.await(
                    "one class loader", () -> get(loomgate, "/loaders").body().equals("1"));
            assertThat(Long.parseLong(get(loomgate, "/metaspace").body())).isLessThan(before + (2 << 20));
        }
    }

    // What it leaves with the JVM is what may not hold its class loader: types that JSON was made of, threads of the
    // pool.
    private static String hello(String version) {
        return """
                import dev.loomgate.gateway.*;
                import java.lang.ref.*;
                class Hello implements Application {
                    int count;
                    @SuppressWarnings("unchecked") static final java.util.List<WeakReference<ClassLoader>> LOADERS =
                            (java.util.List<WeakReference<ClassLoader>>) System.getProperties().computeIfAbsent(
                                    "loaders", name -> new java.util.concurrent.CopyOnWriteArrayList<>());
                    static { LOADERS.add(new WeakReference<>(Hello.class.getClassLoader())); }
                    record Version(String version) {}
                    public Body call(Environ environ, StartResponse startResponse) throws Exception {
                        String type = environ.path().equals("/events") ? "text/event-stream" : "text/html";
                        startResponse.start(Status.OK, Headers.of("Content-Type", type));
                        return switch (environ.path()) {
                            case "/events" -> dev.loomgate.toolkit.events.EventStream.body(
                                    environ, java.time.Duration.ofSeconds(1), events -> {
                                        events.send("hello");
                                        new java.util.concurrent.CountDownLatch(1).await();
                                    });
                            case "/slow" -> {
                                dev.loomgate.loop.Loop.sleep(java.time.Duration.ofMillis(5));
                                yield Body.text("<p>VERSION</p>");
                            }
                            case "/json" -> Body.bytes(dev.loomgate.loop.Loop.offload(
                                    () -> dev.loomgate.toolkit.JsonCodec.jackson().write(new Version("VERSION"))));
                            case "/loaders" -> {
                                System.gc();
                                yield Body.text("" + LOADERS.stream().filter(each -> each.get() != null).count());
                            }
                            case "/metaspace" -> {
                                System.gc();
                                yield Body.text("" + java.lang.management.ManagementFactory.getMemoryPoolMXBeans()
                                        .stream().filter(pool -> pool.getName().equals("Metaspace"))
                                        .mapToLong(pool -> pool.getUsage().getUsed()).sum());
                            }
                            default -> Body.text("<p>VERSION</p>");
                        };
                    }
                }
                """.replace("VERSION", version);
    }

    private Path compile(String version) throws IOException {
        Path source = save("Shop.java", """
                package shop;
                import dev.loomgate.gateway.*;
                public class Shop implements Application, Lifecycle {
                    private static volatile String state = "not started";
                    public void start() {
                        if ("VERSION".equals("fail")) {
                            throw new IllegalStateException("no database");
                        }
                        state = "started";
                    }
                    public void stop() { System.err.println("VERSION stops"); }
                    public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of("Content-Type", "text/html"));
                        return Body.text("VERSION, " + state);
                    }
                }
                """.replace("VERSION", version));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                            .call())
                    .isTrue();
        }
        return classes;
    }

    // As editors do it.
    private Path save(String name, String text) throws IOException {
        Path written = Files.writeString(directory.resolve(name + "~"), text);
        return Files.move(written, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private LoomgateProcess start(String... options) throws Exception {
        List<String> all = new ArrayList<>(COMMON);
        all.addAll(List.of(options));
        return LoomgateProcess.start(directory, all.toArray(String[]::new));
    }

    private HttpResponse<String> get(LoomgateProcess loomgate, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(loomgate.uri(path));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }
}
