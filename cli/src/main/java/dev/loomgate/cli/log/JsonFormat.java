package dev.loomgate.cli.log;

/// One JSON object a line: `time`, `level`, `logger`, `message`, and `stack` if something was thrown.
final class JsonFormat implements LogFormat {
    @Override
    public void append(StringBuilder text, LogEntry entry) {
        text.append("{\"time\":");
        quote(text, entry.time().toString());
        text.append(",\"level\":");
        quote(text, entry.level());
        text.append(",\"logger\":");
        quote(text, entry.logger());
        text.append(",\"message\":");
        quote(text, entry.message());
        Throwable thrown = entry.thrown();
        if (thrown != null) {
            text.append(",\"stack\":");
            quote(text, TextFormat.stackTrace(thrown));
        }
        text.append("}\n");
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    // A lone surrogate has no form in UTF-8, so it goes out escaped as well.
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
