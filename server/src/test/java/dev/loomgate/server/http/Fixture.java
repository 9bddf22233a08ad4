package dev.loomgate.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes that must be refused, from a file of `src/test/resources/http`; the file says how they are written.
public record Fixture(String name, int status, String log, String wire) {
    private static final Path DIRECTORY = Path.of("src/test/resources/http");
    private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)\\}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)");

    /// Requests, from their first byte on.
    public static List<Fixture> refusedRequests() throws IOException {
        return read("refused.txt");
    }

    /// Chunked bodies, without a head.
    public static List<Fixture> refusedChunks() throws IOException {
        return read("refused-chunks.txt");
    }

    private static List<Fixture> read(String file) throws IOException {
        return Files.readAllLines(DIRECTORY.resolve(file)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Fixture::parse)
                .toList();
    }

    private static Fixture parse(String line) {
        String[] parts = line.split(" \\| ", 4);
        return new Fixture(parts[0], Integer.parseInt(parts[1]), parts[2], decode(parts[3]));
    }

    private static String decode(String written) {
        String hosts = written.replace("~", "Host: a\\r\\n");
        String repeated = REPEATED.matcher(hosts)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(2).repeat(Integer.parseInt(m.group(1)))));
        return ESCAPE.matcher(repeated).replaceAll(m -> Matcher.quoteReplacement(unescape(m.group(1))));
    }

    private static String unescape(String escape) {
        return switch (escape.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'x' -> Character.toString(Integer.parseInt(escape.substring(1), 16));
            default -> escape;
        };
    }

    public byte[] bytes() {
        return wire.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }
}
