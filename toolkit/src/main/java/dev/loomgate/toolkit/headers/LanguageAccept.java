package dev.loomgate.toolkit.headers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The languages that a client's user reads: the `Accept-Language` header. Tags compare without regard to case,
/// and `-` and `_` are the same.
public final class LanguageAccept extends Accept {
    private LanguageAccept(List<Item> items) {
        super(items);
    }

    /// The header's items.
    public static LanguageAccept parse(String header) {
        return parse(header, LanguageAccept::new);
    }

    /// That of these languages which suits best. Where none is named, `en` will do for a client that wants
    /// `en-US`, and then `en-US` for one that wants `en`.
    @Override
    public Optional<String> bestMatch(List<String> values) {
        Optional<String> exact = bestOf(values);
        if (exact.isPresent()) {
            return exact;
        }
        List<Item> primaries = items().stream()
                .map(item -> new Item(primary(item.value()), item.quality()))
                .toList();
        Optional<String> wider = new Accept(primaries).bestOf(values);
        if (wider.isPresent()) {
            return wider;
        }
        Optional<String> primary =
                bestOf(values.stream().map(LanguageAccept::primary).toList());
        return primary.flatMap(
                tag -> values.stream().filter(value -> value.startsWith(tag)).findFirst());
    }

    @Override
    boolean covers(String item, String value) {
        return item.equals("*") || normal(item).equals(normal(value));
    }

    private static String normal(String tag) {
        return tag.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String primary(String tag) {
        for (int i = 0; i < tag.length(); i++) {
            if (tag.charAt(i) == '-' || tag.charAt(i) == '_') {
                return tag.substring(0, i);
            }
        }
        return tag;
    }
}
