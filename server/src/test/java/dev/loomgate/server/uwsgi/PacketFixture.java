package dev.loomgate.server.uwsgi;

import dev.loomgate.server.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A packet and what becomes of it, from a file of `src/test/resources/uwsgi`.
///
/// ```
/// # a comment
/// limits: 65535 256 1000              --buffer-size, --max-headers, --limit-post
/// expect: refusal 400                 or: request, 11 bytes left | ping | incomplete
/// log: uwsgi: ...                     the whole line
/// var: PATH_INFO=/                    what a request's variables say; \n and \t are escapes
/// absent: CONTENT_LENGTH
///
/// 00 1500 00                          the bytes: hex, or latin-1 in quotes, *N for N times
/// 0e00 "REQUEST_METHOD" 0300 "GET"
/// ```
record PacketFixture(
        String name,
        Limits limits,
        String expected,
        int bytesLeft,
        @Nullable String log,
        Map<String, String> variables,
        List<String> absent,
        String wire) {
    private static final Path DIRECTORY = Path.of("src/test/resources/uwsgi");
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:\"([^\"]*)\"|([0-9a-f]+))(?:\\*(\\d+))?");
    private static final Pattern BYTES_LEFT = Pattern.compile("(.*), (\\d+) bytes left");

    /// All that the format allows, 256 variables, and bodies of any length.
    static final Limits ANY_BODY = limits(65_535, 256, 0);

    /// @param maxBodyBytes 0 for any
    static Limits limits(int maxHeaderBytes, int maxHeaderCount, long maxBodyBytes) {
        return Limits.builder()
                .maxHeaderBytes(maxHeaderBytes)
                .maxHeaderCount(maxHeaderCount)
                .maxBodyBytes(maxBodyBytes)
                .build();
    }

    static List<PacketFixture> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            List<PacketFixture> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(read(file));
            }
            return all;
        }
    }

    static PacketFixture named(String name) throws IOException {
        return read(DIRECTORY.resolve(name + ".txt"));
    }

    /// What comes over the connection.
    byte[] bytes() {
        return wire.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static PacketFixture read(Path file) throws IOException {
        Limits limits = ANY_BODY;
        String expected = "";
        int bytesLeft = 0;
        String log = null;
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> absent = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : Files.readAllLines(file)) {
            int colon = line.indexOf(": ");
            String field = colon < 0 || line.startsWith("#") ? "#" : line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            switch (field) {
                case "limits" -> {
                    String[] parts = value.split(" ", -1);
                    limits = limits(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
                }
                case "expect" -> {
                    Matcher left = BYTES_LEFT.matcher(value);
                    boolean some = left.matches();
                    expected = some ? left.group(1) : value;
                    bytesLeft = some ? Integer.parseInt(left.group(2)) : 0;
                }
                case "log" -> log = value;
                case "var" -> {
                    int equals = value.indexOf('=');
                    variables.put(
                            value.substring(0, equals),
                            value.substring(equals + 1).replace("\\n", "\n").replace("\\t", "\t"));
                }
                case "absent" -> absent.add(value);
                default -> {
                    if (!line.startsWith("#")) {
                        append(line, bytes);
                    }
                }
            }
        }
        return new PacketFixture(
                file.getFileName().toString().replace(".txt", ""),
                limits,
                expected,
                bytesLeft,
                log,
                variables,
                absent,
                bytes.toString(StandardCharsets.ISO_8859_1));
    }

    private static void append(String line, ByteArrayOutputStream bytes) {
        Matcher token = TOKEN.matcher(line);
        int at = 0;
        while (token.find(at) && token.start() == at) {
            byte[] some = token.group(1) == null
                    ? HexFormat.of().parseHex(token.group(2))
                    : token.group(1).getBytes(StandardCharsets.ISO_8859_1);
            int times = token.group(3) == null ? 1 : Integer.parseInt(token.group(3));
            for (int i = 0; i < times; i++) {
                bytes.writeBytes(some);
            }
            at = token.end();
        }
        if (!line.substring(at).isBlank()) {
            throw new IllegalArgumentException("not hex and not quoted: " + line.substring(at));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
