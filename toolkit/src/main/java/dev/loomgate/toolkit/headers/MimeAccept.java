package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The types that a client takes: the `Accept` header. `text/*` covers all texts, `*/*` everything; parameters
/// must be the same, in whatever order.
public final class MimeAccept extends Accept {
    private MimeAccept(List<Item> items) {
        super(items);
    }

    /// The header's items.
    public static MimeAccept parse(String header) {
        return parse(header, MimeAccept::new);
    }

    /// Whether the client takes HTML, be it as XHTML.
    public boolean acceptsHtml() {
        return contains("text/html") || contains("application/xhtml+xml") || contains("application/xml");
    }

    /// Whether the client takes JSON.
    public boolean acceptsJson() {
        return contains("application/json");
    }

    @Override
    int[] specificity(String item) {
        return split(item).stream().mapToInt(piece -> piece.equals("*") ? 0 : 1).toArray();
    }

    /// @throws IllegalArgumentException if the value is no type: that is the application's own mistake
    @Override
    boolean covers(String item, String value) {
        if (item.indexOf('/') < 0) {
            return false;
        }
        String[] wanted = pieces(value);
        if (value.indexOf('/') < 0 || (wanted[0].equals("*") && !wanted[1].equals("*"))) {
            throw new IllegalArgumentException("not a media type: " + value);
        }
        String[] taken = pieces(item);
        if (taken[0].equals("*") || wanted[0].equals("*")) {
            return taken[0].equals("*") ? taken[1].equals("*") : wanted[1].equals("*");
        }
        return taken[0].equals(wanted[0])
                && (taken[1].equals("*") || wanted[1].equals("*") || Arrays.equals(taken, wanted));
    }

    /// Type, subtype, and the parameters in order.
    private static String[] pieces(String type) {
        String[] pieces = split(type.toLowerCase(Locale.ROOT)).toArray(String[]::new);
        if (pieces.length > 2) {
            Arrays.sort(pieces, 2, pieces.length);
        }
        return pieces;
    }

    /// What stands between slashes and semicolons. Not by an expression: one that takes blanks before a semicolon
    /// would go over many blanks again and again.
    private static List<String> split(String type) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= type.length(); i++) {
            boolean semicolon = i < type.length() && type.charAt(i) == ';';
            if (i == type.length() || semicolon || type.charAt(i) == '/') {
                String piece = type.substring(start, i);
                boolean parameter = start > 0 && type.charAt(start - 1) == ';';
                pieces.add(semicolon || parameter ? Ascii.trim(piece) : piece);
                start = i + 1;
            }
        }
        return pieces;
    }
}
