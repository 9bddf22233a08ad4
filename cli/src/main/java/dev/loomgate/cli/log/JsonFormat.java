package dev.loomgate.cli.log;

import java.time.temporal.ChronoField;

/// One JSON object a line: `time`, `level`, `logger`, `request_id` if it belongs to one, `message`, and
/// `stack` if something was thrown.
final class JsonFormat implements LogFormat {
    private final SecondText second = new SecondText(time -> time.toString().replace("Z", ""));

    @Override
    public void append(StringBuilder text, LogEntry entry) {
        text.append("{\"time\":\"").append(second.of(entry.time()));
        appendFraction(text, entry.time().get(ChronoField.NANO_OF_SECOND));
        text.append("Z\",\"level\":");
        quote(text, entry.level());
        text.append(",\"logger\":");
        quote(text, entry.logger());
        if (!entry.requestId().isEmpty()) {
            text.append(",\"request_id\":");
            quote(text, entry.requestId());
        }
        text.append(",\"message\":");
        quote(text, entry.message());
        Throwable thrown = entry.thrown();
        if (thrown != null) {
            text.append(",\"stack\":");
            quote(text, TextFormat.stackTrace(thrown));
        }
        text.append("}\n");
    }

    /// As `Instant.toString` has it: none, or 3, 6 or 9 digits.
    private static void appendFraction(StringBuilder text, int nanos) {
        if (nanos == 0) {
            return;
        }
        text.append('.');
        if (nanos % 1_000_000 == 0) {
            SecondText.appendDigits(text, nanos / 1_000_000, 3);
        } else if (nanos % 1_000 == 0) {
            SecondText.appendDigits(text, nanos / 1_000, 6);
        } else {
            SecondText.appendDigits(text, nanos, 9);
        }
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        int plainFrom = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            text.append(value, plainFrom, i);
            plainFrom = i + 1;
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append("\\u%04x".formatted((int) c));
            }
        }
        text.append(value, plainFrom, value.length()).append('"');
    }

    /// A lone surrogate has no form in UTF-8, so it goes out escaped as well; so do C1 controls, which terminals obey.
    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || c > 0x9f) && !Character.isSurrogate(c);
    }
}
