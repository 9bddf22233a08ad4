package dev.loomgate.toolkit.variants;

import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.syntax.Ascii;
import java.util.List;

/// The `Vary` header: which of the request's headers the response depends on (RFC 9110 section 12.5.5).
public final class Vary {
    private Vary() {}

    /// Names one more header, in whatever place it isn't named already.
    public static void add(Headers headers, String name) {
        List<String> lines = headers.all("Vary");
        for (String line : lines) {
            for (String named : line.split(",", -1)) {
                String trimmed = Ascii.trim(named);
                if (trimmed.equals("*") || trimmed.equalsIgnoreCase(name)) {
                    return;
                }
            }
        }
        headers.set("Vary", lines.isEmpty() ? name : String.join(", ", lines) + ", " + name);
    }
}
