package dev.loomgate.server.observe;

import dev.loomgate.server.AccessLogFormat;
import java.util.ArrayList;
import java.util.List;

/// A line after a pattern with `%(variables)`. A variable that a request doesn't have is `-`, as in uWSGI.
final class PatternLine implements LineForm {
    private final List<LineField> fields = new ArrayList<>();

    PatternLine(AccessLogFormat format, Client client) {
        LineFields table = new LineFields(client, format.times());
        for (AccessLogFormat.Piece piece : format.pieces()) {
            fields.add(
                    piece.isVariable()
                            ? orDash(table.named(piece.text()))
                            : (lines, logged) -> lines.append(piece.text()));
        }
    }

    private static LineField orDash(LineField field) {
        return (lines, logged) -> {
            int before = lines.length();
            field.append(lines, logged);
            if (lines.length() == before) {
                lines.append('-');
            }
        };
    }

    @Override
    public void append(StringBuilder lines, LoggedRequest logged) {
        for (LineField field : fields) {
            field.append(lines, logged);
        }
        lines.append('\n');
    }
}
