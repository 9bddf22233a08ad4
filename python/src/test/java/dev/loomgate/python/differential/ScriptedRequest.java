package dev.loomgate.python.differential;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One request of a script.
///
/// In all of it, `\xNN` is a byte, `${pattern:N}` N bytes that never repeat soon, `${repeat:N:x}` N times x, and
/// `${cookie:NAME}` a cookie's value. `Host`, `X-Application`, `Connection: close` and `Content-Length` are added.
///
/// | directive | |
/// |---|---|
/// | `!keep` | ask for the connection to stay open, and note whether it does |
/// | `!same` | on the connection that the request before has left open |
/// | `!chunks N` | the body in chunks of N bytes |
/// | `!not-behind-nginx` | left out where nginx is between and would answer differently by chance |
/// | `!end` | end the sending side after the request |
/// | `!no-host` | without the field Host |
/// | `!status-only` | compare nothing but the status |
/// | `!whole` | compare all of it, though it be a 400, 500 or 502, which servers word in their own ways |
/// | `!streamed` | note whether the body comes bit by bit |
/// | `!until TEXT` | ask again until TEXT is in the answer |
/// | `!log TEXT` | note whether TEXT gets into the log |
/// | `!right LINE` | a line that must be in what is noted: of Loomgate, and of the others where they are to agree |
///
/// @param name unique in the script
/// @param method as it is sent
/// @param target as it is sent
/// @param version as it is sent
/// @param fields name and value with the colon between them
/// @param directives by name, with the values of all occurrences
/// @param body before substitution
record ScriptedRequest(
        String name,
        String method,
        String target,
        String version,
        List<String> fields,
        Map<String, List<String>> directives,
        String body) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\x(?:([0-9a-f]{2})|\\{([0-9a-f]+)\\})");

    /// How long a server may take to note what it has to.
    static final Duration PATIENCE = Duration.ofSeconds(8);

    static ScriptedRequest parse(String text) {
        String[] parts = unescaped(text.strip()).split("\n\n", 2);
        String[] lines = parts[0].split("\n", -1);
        String[] line = lines[1].split(" ", 3);
        List<String> fields = new ArrayList<>();
        Map<String, List<String>> directives = new TreeMap<>();
        for (int i = 2; i < lines.length; i++) {
            if (lines[i].startsWith("!")) {
                String[] words = lines[i].substring(1).split(" ", 2);
                directives.computeIfAbsent(words[0], key -> new ArrayList<>()).add(words.length > 1 ? words[1] : "");
            } else {
                fields.add(lines[i]);
            }
        }
        String version = line.length > 2 ? line[2] : "HTTP/1.1";
        String body = parts.length > 1 ? parts[1].replace("\n", "\r\n") : "";
        return new ScriptedRequest(lines[0], line[0], line[1], version, fields, directives, body);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> {
            String digits = match.group(1) != null ? match.group(1) : match.group(2);
            String character = Character.toString(Integer.parseInt(digits, 16));
            return character.equals("\\") || character.equals("$") ? "\\" + character : character;
        });
    }

    boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /// The values of that directive.
    List<String> values(String directive) {
        return directives.getOrDefault(directive, List.of());
    }

    /// What must be noted, line by line.
    Stream<String> rightLines() {
        return Stream.concat(values("right").stream(), values("log").stream().map(text -> "(logged: " + text + ")"));
    }

    boolean hasField(String fieldName) {
        return fields.stream()
                .anyMatch(field -> field.regionMatches(true, 0, fieldName + ":", 0, fieldName.length() + 1));
    }

    boolean isHead() {
        return method.equals("HEAD");
    }
}
