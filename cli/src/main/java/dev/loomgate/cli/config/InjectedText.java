package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.Origin;
import java.util.ArrayList;
import java.util.List;

/// A configuration file's text, between the texts of other files (`--inject-before`, `--inject-after`), as one text;
/// and what each of its lines is a line of.
final class InjectedText {
    /// @param first the line that it begins in, from 1 on
    private record Piece(String file, int first) {}

    private final StringBuilder text = new StringBuilder();
    private final List<Piece> pieces = new ArrayList<>();
    private int line = 1;

    /// Adds a file's text. As in uWSGI, it goes on in the line in which the one before has ended.
    void add(String file, String itsText) {
        pieces.add(new Piece(file, line));
        text.append(itsText);
        line += (int) itsText.chars().filter(c -> c == '\n').count();
    }

    String text() {
        return text.toString();
    }

    /// The place of a line of the whole.
    Origin place(int number) {
        Piece found = pieces.getFirst();
        for (Piece piece : pieces) {
            if (piece.first() <= number) {
                found = piece;
            }
        }
        return Origin.file(found.file(), number - found.first() + 1);
    }
}
