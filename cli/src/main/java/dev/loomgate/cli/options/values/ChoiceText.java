package dev.loomgate.cli.options.values;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// One of an enum's constants, written in lower case.
final class ChoiceText<E extends Enum<E>> implements ITypeConverter<E> {
    private final E[] choices;

    ChoiceText(Class<E> type) {
        choices = type.getEnumConstants();
    }

    /// How a constant is written on the command line.
    static String of(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public E convert(String text) {
        for (E choice : choices) {
            if (of(choice).equals(text)) {
                return choice;
            }
        }
        throw new TypeConversionException("must be " + listed() + ", not '" + text + "'");
    }

    /// `loop, virtual or threads`.
    private String listed() {
        String all = Arrays.stream(choices).map(ChoiceText::of).collect(Collectors.joining(", "));
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + ", ".length());
    }
}
