package dev.loomgate.toolkit.headers;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The charsets that a client reads: the `Accept-Charset` header. Two names of one charset are the same.
public final class CharsetAccept extends Accept {
    private CharsetAccept(List<Item> items) {
        super(items);
    }

    /// The header's items.
    public static CharsetAccept parse(String header) {
        return parse(header, CharsetAccept::new);
    }

    @Override
    boolean covers(String item, String value) {
        return item.equals("*") || normal(item).equals(normal(value));
    }

    private static String normal(String name) {
        String plain = plain(name);
        return Names.KNOWN.getOrDefault(plain, plain);
    }

    // latin-1 is latin1.
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /// All names that the JDK knows: asking it for one that it doesn't know takes its time, and a header may have
    /// thousands of these.
    private static final class Names {
        private static final Map<String, String> KNOWN = new HashMap<>();

        static {
            for (Charset charset : Charset.availableCharsets().values()) {
                charset.aliases().forEach(alias -> KNOWN.putIfAbsent(plain(alias), charset.name()));
                KNOWN.put(plain(charset.name()), charset.name());
            }
        }
    }
}
