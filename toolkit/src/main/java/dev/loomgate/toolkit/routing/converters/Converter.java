package dev.loomgate.toolkit.routing.converters;

import dev.loomgate.toolkit.syntax.Percent;
import dev.loomgate.toolkit.syntax.PlainNumber;
import java.util.Map;
import java.util.Optional;

/// Converts a variable part of a URL to a value, and back.
///
/// ```java
/// final class ListConverter implements Converter<List<String>> {
///     public Class<?> type() { return List.class; }
///     public Optional<List<String>> toValue(String text) { return Optional.of(List.of(text.split("\\+"))); }
///     public String toUrl(Object value) { return String.join("+", (List<String>) value); }
/// }
/// UrlMap.builder().converter("list", arguments -> new ListConverter())
/// ```
///
/// Used by many threads at once.
///
/// @param <T> the values' type
public interface Converter<T> {
    /// The type of the values: what a resource's parameter is checked against.
    Class<?> type();

    /// A regular expression of what the variable may be. By default it is anything within one segment of the path.
    /// One that takes very many steps over a path counts as not matching it.
    default String regex() {
        return "[^/]+";
    }

    /// Where the rule stands among others that match: the lower, the earlier. Numbers have 50, text has 100, and a
    /// path of several segments 200.
    default int weight() {
        return 100;
    }

    /// Whether the variable stays within one segment. By default it does unless there is a slash in the
    /// expression.
    default boolean partIsolating() {
        return regex().equals("[^/]+") || regex().indexOf('/') < 0;
    }

    /// The value of a text that the expression matches; or nothing, if it is none after all: other rules get their
    /// chance then. So it is where this throws an [IllegalArgumentException], a [java.time.DateTimeException], an
    /// [ArithmeticException] or an [IndexOutOfBoundsException], as the JDK's own types do: `LocalDate.parse(text)`.
    Optional<T> toValue(String text);

    /// What a JSON Schema says of the texts besides their type, for a document that describes an application:
    /// `{"minimum": 1}`. With a `type` of its own it is the whole schema. By default it is empty: [#type] says all.
    ///
    /// @return keywords with texts, numbers, truth values, lists and maps
    default Map<String, Object> schema() {
        return Map.of();
    }

    /// The value as it stands in a URL, percent-encoded.
    ///
    /// @throws IllegalArgumentException if no URL can have this value
    default String toUrl(Object value) {
        return Percent.quote(PlainNumber.text(value), Percent.PATH);
    }

    /// Makes the converter of one variable, from what stands in brackets after the converter's name.
    @FunctionalInterface
    interface Factory {
        /// @throws IllegalArgumentException if the arguments make no sense
        Converter<?> create(ConverterArguments arguments);
    }
}
