package dev.loomgate.cli.options.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/// Makes picocli's options of the table's rows. Nothing else turns one into the other.
public final class CommandOptions {
    private CommandOptions() {}

    /// Adds `--help` and `--version`. picocli's own have variables in their names.
    public static void addHelp(CommandSpec command) {
        command.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .arity("0")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build());
        command.addOption(OptionSpec.builder("-V", "--version")
                .type(boolean.class)
                .arity("0")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
    }

    /// Adds options to a command.
    ///
    /// @param values gets what is typed for them, whenever the command's line is parsed
    public static void add(CommandSpec command, Stream<Option<?>> options, OptionValues values) {
        // No text has variables, and looking for them in all of them keeps the compiler busy at each start.
        command.interpolateVariables(false);
        options.forEach(option -> command.addOption(of(option, values)));
    }

    private static OptionSpec of(Option<?> option, OptionValues values) {
        Place place = new Place(option, values);
        OptionSpec.Builder spec = OptionSpec.builder(option.names().toArray(String[]::new))
                .userObject(option)
                .paramLabel(option.label())
                // picocli formats it.
                .description(option.helpText().replace("%", "%%"))
                .getter(place)
                .setter(place);
        option.separator().ifPresent(spec::splitRegex);
        switch (option.takes()) {
            case NOTHING -> spec.type(boolean.class).arity("0");
            case A_VALUE ->
                spec.type(option.type().type())
                        .converters(option.type().reader())
                        .arity("1");
            case PERHAPS_A_VALUE ->
                spec.type(option.type().type())
                        .converters(option.type().reader())
                        .arity("0..1")
                        .fallbackValue(option.valueIfLeftOut().orElseThrow());
            case VALUES ->
                spec.type(List.class)
                        .auxiliaryTypes(option.type().type())
                        .converters(option.type().reader())
                        .arity("1");
            case PERHAPS_VALUES ->
                spec.type(List.class)
                        .auxiliaryTypes(option.type().type())
                        .converters(option.type().reader())
                        .arity("0..1")
                        .fallbackValue(option.valueIfLeftOut().orElseThrow());
        }
        return spec.build();
    }

    /// Where picocli puts a value.
    private record Place(Option<?> option, OptionValues values) implements IGetter, ISetter {
        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // picocli's signature
        public <T> @Nullable T get() {
            return (T) values.given(option).orElse(null);
        }

        @Override
        public <T> T set(T value) {
            values.put(option, value instanceof List<?> list ? new ArrayList<>(list) : value);
            return value;
        }
    }
}
