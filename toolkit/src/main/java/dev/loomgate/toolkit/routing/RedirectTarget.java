package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.converters.Converter;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a rule with `withRedirect` leads.
sealed interface RedirectTarget {
    Pattern VARIABLE = Pattern.compile("<([^<>]+)>");

    /// A URL with the rule's variables in it.
    record Template(String text) implements RedirectTarget {}

    /// A URL that is made from the rule's values.
    record Computed(Function<? super PathArguments, String> function) implements RedirectTarget {}

    /// Checks that there are the variables that a template needs.
    ///
    /// @throws IllegalArgumentException if there are not
    default void check(Map<String, Converter<?>> converters) {
        if (this instanceof Template(String text)) {
            Matcher variable = VARIABLE.matcher(text);
            while (variable.find()) {
                if (!converters.containsKey(variable.group(1))) {
                    throw new IllegalArgumentException(
                            "redirects to '%s', but has no variable '%s'".formatted(text, variable.group(1)));
                }
            }
        }
    }

    default String url(PathArguments arguments, Map<String, Converter<?>> converters) {
        return switch (this) {
            case Computed(var function) -> function.apply(arguments);
            case Template(String text) ->
                VARIABLE.matcher(text)
                        .replaceAll(
                                found -> Matcher.quoteReplacement(Objects.requireNonNull(converters.get(found.group(1)))
                                        .toUrl(Objects.requireNonNull(arguments.get(found.group(1))))));
        };
    }
}
