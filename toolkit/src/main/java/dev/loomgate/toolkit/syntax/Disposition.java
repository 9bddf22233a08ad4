package dev.loomgate.toolkit.syntax;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Map;

/// The `Content-Disposition` of a response (RFC 6266).
public final class Disposition {
    private static final Ascii ATTRIBUTE = Ascii.of(Ascii.ALPHANUMERIC + "!#$&+-.^_`|~");

    private Disposition() {}

    /// `attachment; filename="a b.txt"`, with the name in UTF-8 beside it where it isn't ASCII (RFC 8187);
    /// controls are underscores.
    ///
    /// @param kind `attachment` or `inline`
    public static String format(String kind, String name) {
        // A file may be named so, but no header may have it.
        String filename = name.replaceAll("\\p{Cntrl}", "_");
        Map<String, String> options = new LinkedHashMap<>();
        if (filename.chars().allMatch(c -> c < 0x80)) {
            options.put("filename", filename);
        } else {
            StringBuilder simple = new StringBuilder();
            Normalizer.normalize(filename, Normalizer.Form.NFKD)
                    .chars()
                    .filter(c -> c < 0x80)
                    .forEach(c -> simple.append((char) c));
            options.put("filename", simple.toString());
            options.put("filename*", "UTF-8''" + Percent.quote(filename, ATTRIBUTE));
        }
        return new OptionsHeader(kind, options).format();
    }
}
