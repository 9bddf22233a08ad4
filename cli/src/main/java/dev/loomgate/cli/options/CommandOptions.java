package dev.loomgate.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/// Makes picocli's options of the table's rows.
final class CommandOptions {
    private CommandOptions() {}

    /// @param values gets what is parsed
    static void add(CommandSpec command, List<Section> sections, OptionValues values) {
        Section.options(sections).forEach(option -> command.addOption(of(option, values)));
    }

    static void addIgnored(CommandSpec command) {
        UwsgiOptions.IGNORED.forEach(option -> command.addOption(of(option)));
    }

    static OptionSpec of(Option<?> option, OptionValues values) {
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
        }
        return spec.build();
    }

    private static OptionSpec of(UwsgiOptions.Ignored option) {
        OptionSpec.Builder spec = OptionSpec.builder(option.names().toArray(String[]::new))
                .userObject(option)
                .description(option.why());
        if (option.takesValue()) {
            spec.paramLabel("VALUE")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .arity("1");
        } else {
            spec.type(boolean[].class).arity("0"); // may be repeated
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
