package dev.loomgate.cli.control;

import dev.loomgate.cli.log.ControlCharacters;
import dev.loomgate.cli.log.LogLine;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// How an answer is written: as text for a terminal, in which what comes from outside is escaped, or as JSON.
///
/// @param json which of them
record Form(boolean json) {
    private static final String TEXT = "text/plain";
    private static final Pattern C1 = Pattern.compile("[\\x7f-\\x9f]");

    /// What a request asks for.
    static Form of(Request request) {
        return new Form(String.valueOf(request.environ().get("HTTP_ACCEPT")).contains("json"));
    }

    /// A row of a table, or facts: names and values in turn.
    static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }

    /// To a thousandth.
    static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }

    /// Names with values. Names have an underscore between their words, which a terminal shows as a space.
    Response facts(Map<String, Object> facts) {
        if (json) {
            return json(facts);
        }
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) -> text.append(padded(name.replace('_', ' '), width))
                .append("  ")
                .append(shown(value))
                .append('\n'));
        return plain(text.toString());
    }

    /// Rows that have the same names.
    ///
    /// @param none what is said where there are no rows
    Response table(List<Map<String, Object>> rows, String none) {
        if (json) {
            return json(rows);
        }
        if (rows.isEmpty()) {
            return plain(none + "\n");
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(rows.getFirst().keySet().stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList());
        rows.forEach(row -> lines.add(row.values().stream().map(Form::shown).toList()));
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder cells = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                cells.append(padded(line.get(i), widths[i])).append("  ");
            }
            text.append(cells.toString().stripTrailing()).append('\n');
        }
        return plain(text.toString());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String shown(Object value) {
        return switch (value) {
            case Double seconds -> "%.3f s".formatted(seconds);
            case List<?> list ->
                String.join(", ", list.stream().map(Form::shown).toList());
            case Map<?, ?> row -> inALine(row);
            default -> Quoting.printable(String.valueOf(value));
        };
    }

    // shop (generation 1, workers 4, waiting 0)
    private static String inALine(Map<?, ?> row) {
        List<String> rest = row.entrySet().stream()
                .skip(1)
                .filter(each -> !each.getValue().equals(""))
                .map(each -> each.getKey() + " " + shown(each.getValue()))
                .toList();
        return shown(row.values().iterator().next()) + " (" + String.join(", ", rest) + ")";
    }

    /// Lines of text.
    ///
    /// @param name of its member in JSON
    Response text(String name, String text) {
        return json ? json(Map.of(name, text)) : plain(ControlCharacters.escaped(text.stripTrailing()) + "\n");
    }

    /// Lines of the log.
    Response lines(List<LogLine> lines) {
        return json
                ? json(lines.stream().map(ControlApplication::row).toList())
                : plain(String.join("", lines.stream().map(Form::plain).toList()));
    }

    /// One, which the log has escaped.
    static String plain(LogLine line) {
        return line.isRequest() ? line.text() + "\n" : line.time() + " " + line.level() + " " + line.text() + "\n";
    }

    /// It can't be done.
    Response problem(int status, String why) {
        return text("problem", why).status(status);
    }

    /// A value as JSON, in one line. C1 controls are escaped as well: a terminal that shows it would obey them.
    static String jsonText(Object value) {
        return C1.matcher(new String(JsonCodec.jackson().write(value), StandardCharsets.UTF_8))
                .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    }

    private static Response json(Object value) {
        return new Response(jsonText(value)).mimetype("application/json");
    }

    private static Response plain(String text) {
        return new Response(text).mimetype(TEXT);
    }
}
