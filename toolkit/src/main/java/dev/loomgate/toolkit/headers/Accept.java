package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.HeaderList;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a client takes, and how much it likes it: an `Accept...` header (RFC 9110 section 12.5). Immutable.
///
/// ```java
/// Accept encodings = Accept.parse("br;q=0.8, gzip, *;q=0");
/// encodings.quality("br");                                  // 0.8
/// encodings.bestMatch(List.of("br", "gzip"));               // gzip
/// ```
///
/// What is more specific comes first, and among that what has the higher quality. An item with a quality that
/// isn't in 0 to 1 is left out.
public sealed class Accept permits MimeAccept, LanguageAccept, CharsetAccept {
    private static final Pattern QUALITY = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");

    /// A value and its quality, in 0 to 1.
    public record Item(String value, double quality) {}

    private final List<Item> items;

    Accept(List<Item> items) {
        List<Item> sorted = new ArrayList<>(items);
        sorted.sort(Comparator.comparing((Item item) -> specificity(item.value()), Arrays::compare)
                .thenComparingDouble(Item::quality)
                .reversed());
        this.items = List.copyOf(sorted);
    }

    /// The header's items, such as those of `Accept-Encoding`.
    public static Accept parse(String header) {
        return parse(header, Accept::new);
    }

    static <A extends Accept> A parse(String header, Function<List<Item>, A> made) {
        List<Item> items = new ArrayList<>();
        for (String text : HeaderList.parse(header)) {
            OptionsHeader item = OptionsHeader.parse(text);
            Map<String, String> options = new LinkedHashMap<>(item.options());
            String q = options.remove("q");
            double quality = q == null ? 1 : quality(Ascii.trim(q), -1);
            if (quality >= 0 && quality <= 1) {
                items.add(new Item(new OptionsHeader(item.value(), options).format(), quality));
            }
        }
        return made.apply(items);
    }

    private static double quality(String text, double otherwise) {
        // More digits than a number has would take a while to be read.
        return text.length() < 100 && QUALITY.matcher(text).matches() ? Double.parseDouble(text) : otherwise;
    }

    /// The items, the most specific first.
    public List<Item> items() {
        return items;
    }

    /// Whether the client named nothing at all.
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /// The first of the items.
    public Optional<String> best() {
        return items.isEmpty() ? Optional.empty() : Optional.of(items.getFirst().value());
    }

    /// How much the client likes this: 1 at most, 0 if it doesn't take it.
    public double quality(String value) {
        Item item = find(value);
        return item == null ? 0 : item.quality();
    }

    /// Whether an item covers this value, be it with a quality of 0.
    public boolean contains(String value) {
        return find(value) != null;
    }

    /// That of these values which the client likes best; among equal ones the one that it names most exactly, and
    /// then the first. Empty if it takes none.
    public Optional<String> bestMatch(List<String> values) {
        return bestOf(values);
    }

    final Optional<String> bestOf(List<String> values) {
        String best = null;
        double quality = -1;
        int[] specificity = {-1};
        for (String value : values) {
            Item item = find(value);
            if (item == null || item.quality() <= 0 || item.quality() < quality) {
                continue;
            }
            int[] exactness = specificity(item.value());
            if (item.quality() > quality || Arrays.compare(exactness, specificity) > 0) {
                best = value;
                quality = item.quality();
                specificity = exactness;
            }
        }
        return Optional.ofNullable(best);
    }

    private @Nullable Item find(String value) {
        for (Item item : items) {
            if (covers(item.value(), value)) {
                return item;
            }
        }
        return null;
    }

    /// How exact an item is: larger is more so, in the order of arrays.
    int[] specificity(String item) {
        return new int[] {item.equals("*") ? 0 : 1};
    }

    boolean covers(String item, String value) {
        return item.equals("*") || item.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
    }

    /// The header, in the order of [#items].
    @Override
    public String toString() {
        return items.stream()
                .map(item -> item.quality() == 1 ? item.value() : item.value() + ";q=" + item.quality())
                .collect(Collectors.joining(","));
    }
}
