package dev.loomgate.testkit.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The inputs of a target that are kept: `src/test/resources/corpus/NAMEFuzzTest.txt` of its module, one a
/// line, so that a change of it can be read.
///
/// ```
/// # a comment
/// 00GET / HTTP/1.1\r\nHost: a\r\n\r\n         \r \n \t \\ and \xHH are escapes, so is a space at the line's end: \x20
/// ```
public final class Corpus {
    private static final Path DIRECTORY = Path.of("src/test/resources/corpus");
    /// So that all of them stay small enough for a repository.
    static final int MAX_FILE_BYTES = 20 * 1024;

    private final Path file;

    Corpus(Path file) {
        this.file = file;
    }

    /// The corpus of a target, whether it exists or not.
    public static Corpus of(Class<?> target) {
        return new Corpus(DIRECTORY.resolve(target.getSimpleName() + ".txt"));
    }

    Path file() {
        return file;
    }

    /// All of its inputs.
    ///
    /// @throws IOException if there is no corpus
    public List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                inputs.add(parse(line));
            }
        }
        return inputs;
    }

    /// Writes these inputs behind the comments that are there; the shortest first, and those that no longer fit
    /// are left out.
    void replace(List<byte[]> inputs) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (line.startsWith("#")) {
                text.append(line).append('\n');
            }
        }
        Set<String> seen = new HashSet<>();
        for (byte[] input : inputs.stream()
                .sorted(Comparator.comparingInt(input -> input.length))
                .toList()) {
            String line = format(input);
            if (!line.isEmpty() && seen.add(line) && text.length() + line.length() < MAX_FILE_BYTES) {
                text.append(line).append('\n');
            }
        }
        Files.writeString(file, text, StandardCharsets.US_ASCII);
    }

    static String format(byte[] input) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < input.length; i++) {
            int b = input[i] & 0xff;
            switch (b) {
                case '\r' -> line.append("\\r");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> {
                    boolean plain = b > ' ' && b < 0x7f && (b != '#' || i > 0);
                    boolean blank = b == ' ' && i < input.length - 1;
                    if (plain || blank) {
                        line.append((char) b);
                    } else {
                        line.append("\\x%02x".formatted(b));
                    }
                }
            }
        }
        return line.toString();
    }

    static byte[] parse(String line) {
        byte[] input = new byte[line.length()];
        int length = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                char escape = line.charAt(++i);
                if (escape == 'x') {
                    c = (char) Integer.parseInt(line.substring(i + 1, i + 3), 16);
                    i += 2;
                } else {
                    c = switch (escape) {
                        case 'r' -> '\r';
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case '\\' -> '\\';
                        default -> throw new IllegalArgumentException("no escape: \\" + escape + " in " + line);
                    };
                }
            }
            input[length++] = (byte) c;
        }
        return Arrays.copyOf(input, length);
    }
}
