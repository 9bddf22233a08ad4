package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What the figures were measured on and with, in Markdown.
public final class Machine {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Machine() {}

    public static String describe() throws IOException, InterruptedException {
        return """
                - Machine: %d cores, %s, %d GiB of memory, Linux %s
                - JDK %s (%s); flags of `jvm.options`
                - Netty %s, Vert.x %s, Undertow %s, Helidon %s, Jetty %s
                - nginx %s, uWSGI %s, wrk %s
                """.formatted(
                Runtime.getRuntime().availableProcessors(),
                first("model name\\s*: (.*)", Files.readString(Path.of("/proc/cpuinfo"))),
                Long.parseLong(first("MemTotal: +(\\d+)", Files.readString(Path.of("/proc/meminfo")))) / 1024 / 1024,
                System.getProperty("os.version"),
                Runtime.version(),
                System.getProperty("java.vendor"),
                Jvm.version("netty-transport"),
                Jvm.version("vertx-core"),
                Jvm.version("undertow-core"),
                Jvm.version("helidon-webserver"),
                Jvm.version("jetty-server"),
                first("nginx/([\\d.]+)", said("nginx", "-v")),
                said("uwsgi", "--version").strip(),
                first("wrk (?:debian/)?([\\d.]+)", said("wrk", "-v")));
    }

    private static String said(String... command) throws IOException, InterruptedException {
        return Command.said(List.of(command), LIMIT);
    }

    private static String first(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .findFirst()
                .orElse("unknown");
    }
}
