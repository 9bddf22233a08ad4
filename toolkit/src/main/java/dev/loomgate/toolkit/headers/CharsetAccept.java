package dev.loomgate.toolkit.headers;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
        String known = known(name);
        // latin-1 is latin1.
        known = known == null ? known(name.replace("-", "").replace("_", "")) : known;
        return known == null ? name.toLowerCase(Locale.ROOT) : known;
    }

    private static @Nullable String known(String name) {
        try {
            return Charset.forName(name).name();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
