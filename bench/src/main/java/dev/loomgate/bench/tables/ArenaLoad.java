package dev.loomgate.bench.tables;

import dev.loomgate.bench.arena.ArenaData;
import dev.loomgate.bench.arena.Places;
import dev.loomgate.bench.arena.Profile;
import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.EchoLoad;
import dev.loomgate.bench.harness.H2load;
import dev.loomgate.bench.harness.LoadGenerator;
import dev.loomgate.bench.harness.Wrk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What HttpArena asks in each profile, as files for `wrk` and `h2load`. Its own load generator needs
/// io_uring and more cores than there are here.
final class ArenaLoad {
    private static final int CONNECTIONS = 64;
    private static final int UPLOADS = 8;
    private static final int HTTP2_CONNECTIONS = 32;
    private static final int STREAMS = 32;

    // With more of each, h2load doesn't always end when its time is over.
    private static final int FILE_CONNECTIONS = 8;
    private static final int FILE_STREAMS = 8;

    private static final String SUM = " /baseline11?a=13&b=42 HTTP/1.1\\r\\nHost: arena\\r\\n";
    private static final String ENCODINGS = "br;q=1, gzip;q=0.8";
    private static final String GET = "\"GET" + SUM + "\\r\\n\"";
    private static final String POST = "\"POST" + SUM + "Content-Length: 2\\r\\n\\r\\n20\"";
    private static final String CHUNKED =
            "\"POST" + SUM + "Transfer-Encoding: chunked\\r\\n\\r\\n2\\r\\n20\\r\\n0\\r\\n\\r\\n\"";
    private static final List<String> ITEMS = List.of(
            "/json/1?m=3",
            "/json/5?m=7",
            "/json/10?m=2",
            "/json/15?m=5",
            "/json/25?m=4",
            "/json/40?m=8",
            "/json/50?m=6");

    private final Path scratch;

    /// @param scratch takes the files
    ArenaLoad(Path scratch) {
        this.scratch = scratch;
    }

    static LoadGenerator generator(Profile profile, Duration duration) {
        return switch (profile) {
            case BASELINE, PIPELINED, LIMITED_CONN, JSON, JSON_COMP, JSON_TLS, STATIC -> new Wrk(CONNECTIONS, duration);
            case UPLOAD -> new Wrk(UPLOADS, duration);
            case STATIC_H2 -> new H2load(FILE_CONNECTIONS, FILE_STREAMS, duration);
            case BASELINE_H2, BASELINE_H2C, JSON_H2C -> new H2load(HTTP2_CONNECTIONS, STREAMS, duration);
            case ECHO_WS -> new EchoLoad(CONNECTIONS, duration, false, "/ws");
        };
    }

    /// The path that the load's command names.
    static String path(Profile profile) {
        return switch (profile) {
            case BASELINE_H2, BASELINE_H2C -> "/baseline2?a=1&b=1";
            case BASELINE,
                    PIPELINED,
                    LIMITED_CONN,
                    JSON,
                    JSON_COMP,
                    JSON_TLS,
                    UPLOAD,
                    STATIC,
                    STATIC_H2,
                    JSON_H2C,
                    ECHO_WS -> "/";
        };
    }

    /// The load's options, with the files that they name.
    List<String> options(Profile profile, Places places) throws IOException {
        return switch (profile) {
            case BASELINE -> script(profile, List.of(GET, POST, CHUNKED));
            case LIMITED_CONN ->
                script(
                        profile,
                        List.of(
                                GET,
                                POST,
                                CHUNKED,
                                GET,
                                POST,
                                CHUNKED,
                                GET,
                                POST,
                                CHUNKED,
                                "\"GET" + SUM + "Connection: close\\r\\n\\r\\n\""));
            case PIPELINED -> script(profile, List.of("string.rep(" + get("/pipeline", "") + ", 16)"));
            case JSON, JSON_TLS ->
                script(profile, ITEMS.stream().map(path -> get(path, "")).toList());
            case JSON_COMP ->
                script(
                        profile,
                        ITEMS.subList(4, 7).stream()
                                .map(path -> get(path, "Accept-Encoding: gzip, br\\r\\n"))
                                .toList());
            case UPLOAD ->
                script(
                        profile,
                        Stream.of(500 << 10, 2 << 20, 10 << 20, 20 << 20)
                                .map(ArenaLoad::post)
                                .toList());
            case STATIC ->
                script(
                        profile,
                        ArenaData.files().stream()
                                .map(name -> get("/static/" + name, "Accept-Encoding: " + ENCODINGS + "\\r\\n"))
                                .toList());
            case STATIC_H2 ->
                urls(
                        places.h2(),
                        ArenaData.files().stream().map(name -> "/static/" + name),
                        "-H",
                        "accept-encoding: " + ENCODINGS);
            case JSON_H2C -> urls(places.h2c(), ITEMS.stream());
            case BASELINE_H2, BASELINE_H2C, ECHO_WS -> List.of();
        };
    }

    private static String get(String path, String fields) {
        return "\"GET " + path + " HTTP/1.1\\r\\nHost: arena\\r\\n" + fields + "\\r\\n\"";
    }

    private static String post(int bytes) {
        return "\"POST /upload HTTP/1.1\\r\\nHost: arena\\r\\nContent-Length: " + bytes
                + "\\r\\n\\r\\n\" .. string.rep(\"u\", " + bytes + ")";
    }

    /// A script for `wrk` that sends these in turn.
    private List<String> script(Profile profile, List<String> requests) throws IOException {
        Path file = scratch.resolve(profile + ".lua");
        Files.writeString(file, """
                local requests = { %s }
                local turn = 0
                request = function()
                  turn = turn %% #requests + 1
                  return requests[turn]
                end
                """.formatted(String.join(",\n  ", requests)));
        return List.of("-s", file.toString());
    }

    /// A file for `h2load` with these, which it asks for in turn.
    private List<String> urls(Address address, Stream<String> paths, String... options) throws IOException {
        Path file = scratch.resolve("urls-" + address.port());
        Files.write(file, paths.map(address::url).toList());
        return Stream.concat(Stream.of("-i", file.toString()), Stream.of(options))
                .toList();
    }
}
