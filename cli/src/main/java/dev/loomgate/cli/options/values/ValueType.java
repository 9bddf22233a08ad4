package dev.loomgate.cli.options.values;

import dev.loomgate.loop.settings.TimeText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How values of one kind are written: the text of the command line, and the value that it stands for.
///
/// Whether a value is in an option's range is no matter of its type: the library that gets it says so.
///
/// @param label what stands for one in the help: `BYTES`
/// @param reader throws [TypeConversionException], or what says why
/// @param type what it reads
/// @param writer the inverse
public record ValueType<T>(String label, Class<T> type, ITypeConverter<T> reader, Function<T, String> writer) {
    /// Of an option that takes nothing.
    public static final ValueType<Boolean> FLAG =
            new ValueType<>("", Boolean.class, Boolean::valueOf, value -> Boolean.toString(value));

    /// Of an option that may be given with or without a value: off for `false`, `off`, `no` and `0`, as in uWSGI, and
    /// on for everything else.
    public static final ValueType<Boolean> ON_OFF = new ValueType<>(
            "YES|NO",
            Boolean.class,
            text -> !List.of("false", "off", "no", "0").contains(text.toLowerCase(Locale.ROOT)),
            value -> value ? "yes" : "no");

    /// Any text.
    public static final ValueType<String> TEXT = new ValueType<>("TEXT", String.class, text -> text, text -> text);

    /// A path, relative or not.
    public static final ValueType<Path> PATH = new ValueType<>("PATH", Path.class, Path::of, Path::toString);

    /// A whole number: `-1`, `1024`.
    public static final ValueType<Integer> NUMBER =
            new ValueType<>("N", Integer.class, new NumberText(), value -> Integer.toString(value));

    /// `30` seconds, or `0.5`, `200ms`, `5m`, `1h`.
    public static final ValueType<Duration> TIME =
            new ValueType<>("TIME", Duration.class, new DurationText(), TimeText::of);

    /// `65535` bytes, or `64k`, `10m`, `1g`.
    public static final ValueType<Long> LONG_SIZE = new ValueType<>("BYTES", Long.class, new SizeText(), SizeText::of);

    /// The same, where the library's setting is an int. What is over an int is the greatest int, which is out
    /// of every range.
    public static final ValueType<Integer> SIZE = new ValueType<>(
            "BYTES",
            Integer.class,
            text -> (int) Math.min(new SizeText().convert(text), Integer.MAX_VALUE),
            value -> SizeText.of(value));

    /// A size that uWSGI takes in megabytes: `200`, or with a unit, `1g`.
    public static final ValueType<Long> MEGABYTES =
            new ValueType<>("MEGABYTES", Long.class, new MegabytesText(), MegabytesText::of);

    /// A size that uWSGI takes in kilobytes: `200`, or with a unit, `1m`.
    public static final ValueType<Integer> KILOBYTES =
            new ValueType<>("KILOBYTES", Integer.class, new KilobytesText(), value -> SizeText.of(value));

    /// Permission bits in octal: `660`.
    public static final ValueType<Integer> MODE = new ValueType<>("MODE", Integer.class, new ModeText(), ModeText::of);

    /// Where to listen for HTTP.
    public static final ValueType<SocketName> HTTP =
            new ValueType<>("HOST:PORT", SocketName.class, new SocketText(), SocketName::toString);

    /// The same, where it is rather a unix socket.
    public static final ValueType<SocketName> SOCKET =
            new ValueType<>("SOCKET", SocketName.class, new SocketText(), SocketName::toString);

    /// How long connections are kept: `30`, `1` for just so, which is zero.
    public static final ValueType<Duration> KEEP_ALIVE =
            new ValueType<>("TIME", Duration.class, new KeepAliveText(), KeepAliveText::of);

    /// `NAME=VALUE`; a name alone has the empty value.
    @SuppressWarnings("unchecked") // of the class literal
    public static final ValueType<Map.Entry<String, String>> VARIABLE = new ValueType<>(
            "NAME=VALUE",
            (Class<Map.Entry<String, String>>) (Class<?>) Map.Entry.class,
            new VariableText(),
            variable -> variable.getKey() + "=" + variable.getValue());

    /// What a parser makes of a text.
    ///
    /// @param label what stands for one in the help
    /// @param parser throws `IllegalArgumentException`, whose message says why
    /// @param writer the inverse
    public static <T> ValueType<T> parsed(
            String label, Class<T> type, Function<String, T> parser, Function<T, String> writer) {
        return new ValueType<>(
                label,
                type,
                text -> {
                    try {
                        return parser.apply(text);
                    } catch (IllegalArgumentException e) {
                        throw new TypeConversionException(e.getMessage());
                    }
                },
                writer);
    }

    /// One of an enum's constants, in lower case.
    ///
    /// @param label what stands for it in the help
    public static <E extends Enum<E>> ValueType<E> choice(String label, Class<E> of) {
        return new ValueType<>(label, of, new ChoiceText<>(of), ChoiceText::of);
    }

    /// A value as it would be typed.
    ///
    /// @throws ClassCastException if it isn't of this type
    public String shown(Object value) {
        return writer.apply(type.cast(value));
    }
}
