package dev.loomgate.cli.config.expansion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// The files whose names fit a pattern with `*`, `?` and `[...]`, as C's `glob` finds them: in order, with a slash
/// after a directory's name, and the pattern itself if there are none.
public final class Glob {
    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private Glob() {}

    /// @param directory what a relative pattern is relative to
    public static List<String> files(Path directory, String pattern) {
        List<String> found = List.of(pattern.startsWith("/") ? "/" : "");
        String[] parts = pattern.split("/+", -1);
        for (int i = pattern.startsWith("/") ? 1 : 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (last && parts[i].isEmpty()) {
                found = found.stream().filter(name -> name.endsWith("/")).toList();
                break;
            }
            List<String> next = new ArrayList<>();
            for (String name : found) {
                step(directory, name, parts[i], next);
            }
            found = next.stream().filter(name -> last || name.endsWith("/")).toList();
        }
        return found.isEmpty()
                ? List.of(pattern)
                : found.stream().sorted(BY_BYTES).toList();
    }

    private static void step(Path directory, String name, String part, List<String> next) {
        Path place = directory.resolve(name);
        if (part.chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\')) {
            if (Files.exists(place.resolve(part)) || Files.isSymbolicLink(place.resolve(part))) {
                next.add(marked(place.resolve(part), name + part));
            }
            return;
        }
        Pattern fits = Pattern.compile(expression(part), Pattern.DOTALL);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                String each = String.valueOf(file.getFileName());
                if ((!each.startsWith(".") || part.startsWith("."))
                        && fits.matcher(each).matches()) {
                    next.add(marked(file, name + each));
                }
            }
        } catch (IOException e) {
            return; // a directory that isn't there, or can't be read, has no files that fit
        }
    }

    private static String marked(Path file, String name) {
        return Files.isDirectory(file) ? name + "/" : name;
    }

    private static String expression(String part) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            int end = c == '[' ? part.indexOf(']', i + 2) : -1;
            if (c == '*') {
                expression.append(".*");
            } else if (c == '?') {
                expression.append('.');
            } else if (end > 0) {
                String set = part.substring(i + 1, end);
                boolean not = set.startsWith("!") || set.startsWith("^");
                expression
                        .append(not ? "[^" : "[")
                        .append((not ? set.substring(1) : set).replaceAll("[\\\\\\[&^]", "\\\\$0"))
                        .append(']');
                i = end;
            } else {
                if (c == '\\' && i + 1 < part.length()) {
                    c = part.charAt(++i);
                }
                expression.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return expression.toString();
    }
}
