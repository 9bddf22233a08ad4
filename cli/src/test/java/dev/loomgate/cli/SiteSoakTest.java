package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sites in Java and Python, asked over HTTP and behind nginx, with clients that break off, slow readers and reloads:
/// no request is lost, and the server holds no more afterwards than before. `./verify long` asks ten million times.
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SiteSoakTest {
    private static final long REQUESTS = Long.getLong("loomgate.test.soak", 60_000);
    private static final int SECONDS_A_ROUND = REQUESTS < 1_000_000 ? 3 : 20;

    private static final String JAVA = """
            import dev.loomgate.gateway.*;
            import dev.loomgate.loop.Loop;
            import java.time.Duration;

            public class Soak implements Application {
                public Body call(Environ environ, StartResponse startResponse) throws Exception {
                    startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                    return switch (environ.path()) {
                        case "/slow" -> {
                            Loop.sleep(Duration.ofMillis(50));
                            yield Body.text("late");
                        }
                        case "/echo" -> Body.bytes(environ.input().readAllBytes());
                        case "/large" -> Body.stream(out -> {
                            for (int i = 0; i < 500; i++) {
                                out.write(new byte[10_000]);
                            }
                        });
                        default -> Body.text("Hello world!");
                    };
                }
            }
            """;
    private static final String PYTHON = """
            import time

            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                path = environ["PATH_INFO"]
                if path == "/slow":
                    time.sleep(0.05)
                elif path == "/echo":
                    return [environ["wsgi.input"].read()]
                elif path == "/large":
                    return (bytes(10_000) for _ in range(500))
                return [b"Hello world!"]
            """;

    private static final String ASGI = """
            import asyncio

            async def application(scope, receive, send):
                if scope["type"] != "http":
                    raise RuntimeError("no lifespan")
                path = scope["path"]
                body = b"Hello world!"
                if path == "/slow":
                    await asyncio.sleep(0.05)
                elif path == "/echo":
                    body = b""
                    while True:
                        message = await receive()
                        if message["type"] == "http.disconnect":
                            return
                        body += message["body"]
                        if not message["more_body"]:
                            break
                fields = [(b"content-type", b"text/plain")]
                await send({"type": "http.response.start", "status": 200, "headers": fields})
                if path == "/large":
                    for _ in range(500):
                        await send({"type": "http.response.body", "body": bytes(10_000), "more_body": True})
                    body = b""
                await send({"type": "http.response.body", "body": body})
            """;

    @TempDir
    private Path directory;

    private int generations = 1;

    @Test
    void theServerHoldsNoMoreAfterManyRequests() throws Exception {
        Files.writeString(directory.resolve("Soak.java"), JAVA);
        Files.writeString(directory.resolve("soak.py"), PYTHON);
        soak("--app Soak.java --mount /python=soak.py", List.of("", "/python"));
    }

    /// The same where workers take the connections and keep them.
    @Test
    void norInDirectMode() throws Exception {
        Files.writeString(directory.resolve("soak.py"), ASGI);
        soak("-w soak --direct on", List.of(""));
    }

    private void soak(String applications, List<String> prefixes) throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Path socket = directory.resolve("soak.sock");
        try (LoomgateProcess site = LoomgateProcess.startWith(
                        List.of("-Xmx512m", "-Djava.io.tmpdir=" + temporary),
                        directory,
                        ("--http 127.0.0.1:0 -s " + socket
                                        + " --processes 2 --python /usr/bin/python3 --disable-logging"
                                        + " --env TMPDIR=" + temporary + " " + applications)
                                .split(" "));
                Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket))) {
            URI http = site.uri("");
            SoakLoad load = new SoakLoad(
                    prefixes.stream()
                            .flatMap(prefix -> Stream.of(http.resolve(prefix + "/"), nginx.uri(prefix + "/")))
                            .toList(),
                    new InetSocketAddress(http.getHost(), http.getPort()),
                    UnixDomainSocketAddress.of(socket),
                    prefixes);
            soak(site, load, REQUESTS / 10);
            Footprint before = Footprint.atRest(site.pid(), temporary);

            long requests = soak(site, load, REQUESTS);

            Footprint after = Footprint.atRest(site.pid(), temporary);
            System.out.printf(
                    "%s: %d requests, %d broken off%nbefore %s%nafter  %s%n",
                    applications, requests, load.brokenOff.get(), before, after);
            after.assertNoMoreThan(before);
            assertThat(load.brokenOff).hasValueGreaterThan(100);
            assertThat(site.signal("TERM").status()).as(site.err()).isZero();
            assertThat(Footprint.names(temporary)).isEmpty();
        }
    }

    /// Rounds of load, each with a reload in its middle, until there were so many requests.
    private long soak(LoomgateProcess site, SoakLoad load, long requests) throws Exception {
        long done = 0;
        do {
            Thread reload = Thread.ofPlatform().start(() -> reload(site));
            done += load.run(SECONDS_A_ROUND);
            reload.join();
            generations++;
            site.await(Pattern.compile("generation " + generations + " serves"));
        } while (done < requests);
        return done;
    }

    private static void reload(LoomgateProcess site) {
        try {
            TimeUnit.MILLISECONDS.sleep(SECONDS_A_ROUND * 500L);
            site.signal("HUP");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
