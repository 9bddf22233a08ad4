package dev.loomgate.cli;

import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A server's pages for operators over its unix socket, and what Prometheus's own tool says of them.
final class MetricsPages {
    private static final long LIMIT_SECONDS = 60;

    private final SocketAddress address;

    MetricsPages(SocketAddress address) {
        this.address = address;
    }

    /// Status line, fields and content of `/metrics`, `/-/live` or `/-/ready`.
    String get(String path, String accept) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nAccept: " + accept
                            + "\r\nConnection: close\r\n\r\n")
                    .receiveText();
        }
    }

    /// The metrics, as text.
    String metrics() throws IOException {
        return metrics("text/plain");
    }

    String metrics(String accept) throws IOException {
        String answer = get("/metrics", accept);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /// `200`, or `503 no worker of program serves`.
    String health(String path) throws IOException {
        String answer = get(path, "*/*");
        String status = answer.split(" ", 3)[1];
        return status.equals("200")
                ? status
                : status + " "
                        + answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
    }

    /// Sums all samples of that name whose labels contain each of the parts.
    static double sum(String page, String name, String... parts) {
        return samples(page).entrySet().stream()
                .filter(sample ->
                        sample.getKey().equals(name) || sample.getKey().startsWith(name + "{"))
                .filter(sample -> {
                    for (String part : parts) {
                        if (!sample.getKey().contains(part)) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /// Each sample with its labels.
    static Map<String, Double> samples(String page) {
        Map<String, Double> all = new LinkedHashMap<>();
        page.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            all.put(
                    line.substring(0, space),
                    Double.parseDouble(line.substring(space + 1).replace("+Inf", "Infinity")));
        });
        return all;
    }

    /// What `promtool check metrics` finds fault with; empty for nothing.
    static String faults(String page) throws IOException, InterruptedException {
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = promtool.getOutputStream()) {
            in.write(page.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!promtool.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            promtool.destroyForcibly();
            return "promtool doesn't end";
        }
        return promtool.exitValue() == 0 ? said : "exit status " + promtool.exitValue() + ": " + said;
    }

    /// The families of a page, by their names.
    static Set<String> families(String page) {
        return Pattern.compile("(?m)^# TYPE (\\S+) ")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
