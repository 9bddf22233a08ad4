package dev.loomgate.bench.arena;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// The checks of the static files: types, every byte of each, compressed or not, and 404 for what isn't
/// there.
final class StaticChecks {
    private static final Map<String, String> TYPES = Map.of(
            "reset.css", "text/css",
            "app.js", "text/javascript",
            "manifest.json", "application/json");

    private final Places places;
    private final Faults faults;

    StaticChecks(Places places, Faults faults) {
        this.places = places;
        this.faults = faults;
    }

    void http1() throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String name : ArenaData.files()) {
                byte[] content = Files.readAllBytes(places.statics().resolve(name));
                HttpResponse<byte[]> plain =
                        client.send(request(name).build(), HttpResponse.BodyHandlers.ofByteArray());
                check(name, content, plain);
                faults.expect(name + ", Content-Encoding that nobody asked for", "", coding(plain));
                HttpRequest asking = request(name)
                        .header("Accept-Encoding", "br;q=1, gzip;q=0.8")
                        .build();
                check(name, content, client.send(asking, HttpResponse.BodyHandlers.ofByteArray()));
            }
        }
        faults.expect(
                "a file that isn't there",
                404,
                Curl.ask(places.http().url("/static/nonexistent.txt")).status());
    }

    void http2() throws IOException, InterruptedException {
        for (Map.Entry<String, String> type : TYPES.entrySet()) {
            String name = type.getKey();
            Curl.Reply reply = Curl.ask(places.h2().url("/static/" + name), "--http2");
            faults.expect(name + ", HTTP", "2", reply.version());
            faults.expectType(name, type.getValue(), reply.field("Content-Type"));
            faults.expect(
                    name + ": other bytes",
                    Arrays.equals(Files.readAllBytes(places.statics().resolve(name)), reply.body()));
        }
        faults.expect(
                "a file that isn't there",
                404,
                Curl.ask(places.h2().url("/static/nonexistent.txt"), "--http2").status());
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(URI.create(places.http().url("/static/" + name)));
    }

    private static String coding(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Encoding").orElse("");
    }

    private void check(String name, byte[] content, HttpResponse<byte[]> response) throws IOException {
        faults.expect(name + ", status", 200, response.statusCode());
        String type = TYPES.get(name);
        if (type != null) {
            faults.expectType(
                    name, type, response.headers().firstValue("Content-Type").orElse(""));
        }
        byte[] body = coding(response).equals("gzip")
                ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                : response.body();
        faults.expect(name + ": other bytes", Arrays.equals(content, body));
    }
}
