package dev.loomgate.cli.options.values;

import dev.loomgate.toolkit.routes.Routes;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.TypeConversionException;

/// A rule as an option says it, and its place among all rules: their order counts across options.
///
/// @param place grows in the order of the command line
/// @param option without dashes
public record RouteLine(long place, String option, String text) {
    private static final AtomicLong PLACES = new AtomicLong();

    /// How such an option's values are written.
    ///
    /// @param option without dashes
    public static ValueType<RouteLine> type(String option) {
        return new ValueType<>("RULE", RouteLine.class, text -> parse(option, text), RouteLine::text);
    }

    private static RouteLine parse(String option, String text) {
        try {
            Routes.of().with(option, text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
        return new RouteLine(PLACES.getAndIncrement(), option, text);
    }
}
