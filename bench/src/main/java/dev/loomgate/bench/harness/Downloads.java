package dev.loomgate.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One client that gets the same large thing several times over one connection: curl, by HTTP/1.1 and, behind TLS, with
/// AES-128-GCM, so that no server chooses a cipher that is cheaper.
///
/// @param count how often
/// @param bytes how large it must be
public record Downloads(String path, int count, long bytes) implements LoadGenerator {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern EACH = Pattern.compile("^(\\d+) (\\d+) ([\\d.]+)$", Pattern.MULTILINE);

    @Override
    public WrkReport run(String url, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sk",
                "--http1.1",
                "--tls13-ciphers",
                "TLS_AES_128_GCM_SHA256",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code} %{size_download} %{time_total}\\n"));
        command.addAll(options);
        command.add(url.substring(0, url.lastIndexOf('/')) + path + "?[1-" + count + "]");
        return parse(Command.output(command, PATIENCE), bytes);
    }

    /// What curl has printed.
    static WrkReport parse(String output, long bytes) {
        long requests = 0;
        long wrong = 0;
        double seconds = 0;
        for (var each : EACH.matcher(output).results().toList()) {
            requests++;
            wrong += each.group(1).equals("200") && Long.parseLong(each.group(2)) == bytes ? 0 : 1;
            seconds += Double.parseDouble(each.group(3));
        }
        return new WrkReport(requests, wrong, 0, requests / seconds, Double.NaN, Double.NaN);
    }
}
