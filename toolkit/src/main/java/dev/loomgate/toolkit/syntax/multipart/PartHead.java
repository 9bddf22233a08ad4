package dev.loomgate.toolkit.syntax.multipart;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands before a part's bytes (RFC 7578 section 4).
///
/// ```
/// Content-Disposition: form-data; name="upload"; filename="käse.txt"
/// Content-Type: text/plain
/// ```
///
/// @param name the field's name
/// @param filename as the client sent it; empty if no file was chosen; null if the part is no file
/// @param headers the first value of each header, by its name in lower case
public record PartHead(String name, @Nullable String filename, Map<String, String> headers) {
    static PartHead parse(byte[] bytes, int start, int end) throws MultipartException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : text(bytes, start, end).split("\n", -1)) {
            String header = Ascii.trim(line);
            if (!header.isEmpty()) {
                int colon = header.indexOf(':');
                String name = colon < 0 ? header : Ascii.trim(header.substring(0, colon));
                String value = colon < 0 ? "" : Ascii.trim(header.substring(colon + 1));
                headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
            }
        }
        String disposition = headers.get("content-disposition");
        if (disposition == null) {
            throw MultipartException.malformed("A part of the form has no Content-Disposition.");
        }
        Map<String, String> options = OptionsHeader.parse(disposition).options();
        String name = options.get("name");
        if (name == null) {
            throw MultipartException.malformed("A part of the form has no name.");
        }
        return new PartHead(name, options.get("filename"), headers);
    }

    /// The lines, each ended by one `\n`, with continued ones joined.
    private static String text(byte[] bytes, int start, int end) throws MultipartException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw MultipartException.malformed("A header in the form is not UTF-8.");
        }
        return text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .replace("\n ", " ")
                .replace("\n\t", " ");
    }
}
