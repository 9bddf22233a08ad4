package dev.loomgate.cli.options;

import dev.loomgate.server.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;

/// How values of one kind are written.
///
/// @param label what stands for one in the help: `BYTES`
/// @param reader throws [TypeConversionException][picocli.CommandLine.TypeConversionException], or what says why
/// @param type what it reads
/// @param writer the inverse
record ValueType<T>(String label, Class<T> type, ITypeConverter<T> reader, Function<T, String> writer) {
    static final ValueType<Boolean> FLAG =
            new ValueType<>("", Boolean.class, Boolean::valueOf, value -> Boolean.toString(value));
    static final ValueType<String> TEXT = new ValueType<>("TEXT", String.class, text -> text, text -> text);
    static final ValueType<Path> PATH = new ValueType<>("PATH", Path.class, Path::of, Path::toString);
    static final ValueType<Integer> NUMBER =
            new ValueType<>("N", Integer.class, new NumberText(), value -> Integer.toString(value));
    static final ValueType<Duration> TIME =
            new ValueType<>("TIME", Duration.class, new DurationText(), DurationText::of);
    static final ValueType<Long> LONG_SIZE = new ValueType<>("BYTES", Long.class, new SizeText(), SizeText::of);

    /// What is over an int is the greatest int, which is out of every range.
    static final ValueType<Integer> SIZE = new ValueType<>(
            "BYTES",
            Integer.class,
            text -> (int) Math.min(new SizeText().convert(text), Integer.MAX_VALUE),
            value -> SizeText.of(value));

    static final ValueType<Long> MEGABYTES =
            new ValueType<>("MEGABYTES", Long.class, new MegabytesText(), MegabytesText::of);
    static final ValueType<Integer> MODE = new ValueType<>("MODE", Integer.class, new ModeText(), ModeText::of);
    static final ValueType<ListenAddress> HTTP =
            new ValueType<>("HOST:PORT", ListenAddress.class, new AddressText.Http(), ListenAddress::toString);
    static final ValueType<ListenAddress> UWSGI =
            new ValueType<>("SOCKET", ListenAddress.class, new AddressText.Uwsgi(), ListenAddress::toString);

    @SuppressWarnings("unchecked") // of the class literal
    static final ValueType<Map.Entry<String, String>> VARIABLE = new ValueType<>(
            "NAME=VALUE",
            (Class<Map.Entry<String, String>>) (Class<?>) Map.Entry.class,
            new VariableText(),
            variable -> variable.getKey() + "=" + variable.getValue());

    static <E extends Enum<E>> ValueType<E> choice(String label, Class<E> of) {
        return new ValueType<>(label, of, new ChoiceText<>(of), ChoiceText::of);
    }

    /// A value as it would be typed.
    ///
    /// @throws ClassCastException if it isn't of this type
    String shown(Object value) {
        return writer.apply(type.cast(value));
    }
}
